//! Rotates an API key's secret.

use chrono::TimeDelta;
use kernel::ApiKeyId;
use store::tables::directory::{api_key_permissions, api_key_secrets, api_keys};

use super::{
    IssuedApiKey,
    secret::{Kept, issue, recipient},
    view::view_one,
};
use crate::authority::key_reach::reaches;
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
    },
    base::{
        audit::Action,
        error::{Error, Result},
        idempotency::IdempotencyKey,
        service::Service,
        tx::Tx,
    },
};
use permissions::ApiKeys;

/// How long older secrets can keep working.
const LONGEST_OVERLAP: TimeDelta = TimeDelta::days(7);

/// Secrets of one key that work at the same time.
const MAX_SECRETS: usize = 10;

impl Service {
    /// Gives the key a new secret. Older ones work for the given number of seconds, which may be zero; none works
    /// longer than it would have otherwise. `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::PreconditionFailed`]; [`Error::PermissionRequired`]: callers cannot get the
    /// secret of a key that was given what they could not grant; [`Error::Conflict`] when ten secrets work, or the
    /// actor's own key may not create any or may not be given the kept reply again.
    pub async fn rotate_api_key(
        &self,
        by: &Allowed<ApiKeys>,
        key: ApiKeyId,
        overlap_seconds: u32,
        if_version: Option<i64>,
        idempotency: Option<IdempotencyKey>,
    ) -> Result<IssuedApiKey> {
        let overlap = TimeDelta::seconds(overlap_seconds.into());
        if overlap > LONGEST_OVERLAP {
            let why = "must be from 0 to 604800";
            return Err(Error::field("/overlap_seconds", "out_of_bounds", why));
        }
        let kept: Kept = self
            .act(by, Lock::Account, move |mut acting, account| {
                let account = account.id;
                let caller = acting.by;
                let again = |tx: &mut Tx<'_>, kept: &Kept, since| kept.is_told_again(tx.conn, caller, since, tx.now);
                acting.once_unless(idempotency.as_ref(), again, |Acting { tx, by, held }| {
                    let key = api_keys::lock(tx.conn, account, key)?.ok_or(Error::NotFound)?;
                    if if_version.is_some_and(|version| version != key.version) {
                        return Err(Error::PreconditionFailed);
                    }
                    reaches(held, &api_key_permissions::of_key(tx.conn, account, key.id)?)?;
                    // Before the secret that was sent becomes one of the older ones.
                    let recipient = recipient(tx.conn, by, account, key.id)?;
                    api_key_secrets::end_by(tx.conn, account, key.id, tx.now + overlap)?;
                    let mut older = api_key_secrets::of_keys(tx.conn, account, &[key.id])?;
                    older.retain(|secret| secret.is_current(tx.now));
                    if older.len() >= MAX_SECRETS {
                        return Err(Error::Conflict(format!(
                            "{MAX_SECRETS} secrets of this API key are valid right now; let older ones expire sooner"
                        )));
                    }
                    let secret = issue(tx.conn, by, &key, recipient, tx.now)?;
                    let event = by.did(Action::ApiKeyRotated).on(&key);
                    tx.record(account, event.with("overlap_seconds", overlap_seconds));
                    api_keys::touch(tx.conn, account, key.id, tx.now)?;
                    let key = api_keys::by_id(tx.conn, account, key.id)?.ok_or(Error::NotFound)?;
                    Ok(Kept::new(by, view_one(tx.conn, &key, tx.now)?, &secret))
                })
            })
            .await?;
        Ok(kept.into())
    }
}
