//! Rotates an API key's secret.

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{AccountId, ApiKeyId};
use store::{
    Conn,
    tables::directory::{accounts, api_key_permissions, api_key_secrets, api_keys},
};

use super::{
    IssuedApiKey,
    secret::{Kept, issue, recipient},
    view::view_one,
};
use crate::authority::key_reach::reaches;
use crate::{
    authority::acting::{Needs, still_may},
    base::{
        audit::Action,
        error::{Error, Result},
        idempotency::{IdempotencyKey, once_unless},
        model::Actor,
        service::Service,
    },
};
use permissions::Permission;

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
        actor: &Actor,
        account: AccountId,
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
        let (core, actor, now) = (Arc::clone(&self.core), actor.clone(), self.core.now());
        let kept: Kept = self
            .write(move |conn, audit| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                accounts::lock(conn, account)?;
                let held = still_may(conn, &actor, Needs::In(account, Permission::ApiKeys), now)?;
                let again = |conn: &mut Conn, kept: &Kept, since| kept.is_told_again(conn, &actor, since, now);
                once_unless(conn, &core, &actor, idempotency.as_ref(), now, again, |conn| {
                    let key = api_keys::lock(conn, account, key)?.ok_or(Error::NotFound)?;
                    if if_version.is_some_and(|version| version != key.version) {
                        return Err(Error::PreconditionFailed);
                    }
                    reaches(&held, &api_key_permissions::of_key(conn, account, key.id)?)?;
                    // Before the secret that was sent becomes one of the older ones.
                    let recipient = recipient(conn, &actor, account, key.id)?;
                    api_key_secrets::end_by(conn, account, key.id, now + overlap)?;
                    let mut older = api_key_secrets::of_keys(conn, account, &[key.id])?;
                    older.retain(|secret| secret.is_current(now));
                    if older.len() >= MAX_SECRETS {
                        return Err(Error::Conflict(format!(
                            "{MAX_SECRETS} secrets of this API key are valid right now; let older ones expire sooner"
                        )));
                    }
                    let secret = issue(conn, &actor, &key, recipient, now)?;
                    let event = actor.did(Action::ApiKeyRotated).on(&key);
                    audit.record(account, event.with("overlap_seconds", overlap_seconds));
                    api_keys::touch(conn, account, key.id, now)?;
                    let key = api_keys::by_id(conn, account, key.id)?.ok_or(Error::NotFound)?;
                    Ok(Kept::new(&actor, view_one(conn, &key, now)?, &secret))
                })
            })
            .await?;
        Ok(kept.into())
    }
}
