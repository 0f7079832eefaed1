//! Creates an API key.

use kernel::{Id, OsRandom};
use permissions::{PermissionSet, change};
use store::tables::directory::{
    api_key_permissions,
    api_keys::{self, ApiKey},
};

use super::{
    ApiKeyDraft, IssuedApiKey,
    draft::name_taken,
    event::limits,
    secret::{Kept, issue, recipient},
    view::view_one,
    within::must_stay_within,
};
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
        registered::must_be_registered,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, Result},
        idempotency::IdempotencyKey,
        platform_account::PLATFORM_SLUG,
        service::Service,
        tx::Tx,
    },
};
use permissions::ApiKeys;

/// Keys of one account.
const MAX_KEYS: i64 = 1_000;

impl Service {
    /// Creates a key. Its secret is in the reply and nowhere else.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::GrantRefused`]: callers cannot give a key what they do not hold;
    /// [`Error::Conflict`] when the name is taken, the account has too many keys, or the actor's own key may not create
    /// any, may not create one that calls from elsewhere or expires later than itself, or may not be given the kept
    /// reply again.
    pub async fn create_api_key(
        &self,
        by: &Allowed<ApiKeys>,
        draft: &ApiKeyDraft,
        key: Option<IdempotencyKey>,
    ) -> Result<IssuedApiKey> {
        let draft = draft.parse()?;
        let kept: Kept = self
            .act(by, Lock::Account, move |mut acting, account| {
                let caller = acting.by;
                let again = |tx: &mut Tx<'_>, kept: &Kept, since| kept.is_told_again(tx.conn, caller, since, tx.now);
                acting.once_unless(key.as_ref(), again, |Acting { tx, by, held }| {
                    draft.ends_later_than(tx.now)?;
                    let in_platform = account.slug == PLATFORM_SLUG;
                    change(held, &PermissionSet::default(), &draft.permissions, in_platform)?;
                    must_be_registered(tx.conn, &draft.permissions)?;
                    must_stay_within(tx.conn, by, None, &draft, &draft.permissions)?;
                    if api_keys::count(tx.conn, account.id)? >= MAX_KEYS {
                        return Err(Error::Conflict(format!("an account can have at most {MAX_KEYS} API keys")));
                    }
                    let key = ApiKey {
                        account_id: account.id,
                        id: Id::generate(tx.now, &mut OsRandom),
                        name: draft.name.clone(),
                        name_key: draft.name_key.clone(),
                        description: draft.description.clone(),
                        networks: draft.networks.clone(),
                        expires_at: draft.expires_at,
                        last_use: None,
                        version: 1,
                        created_at: tx.now,
                        updated_at: tx.now,
                    };
                    api_keys::insert(tx.conn, &key).map_err(name_taken)?;
                    for permission in draft.permissions.iter() {
                        api_key_permissions::add(tx.conn, account.id, key.id, permission)?;
                    }
                    let recipient = recipient(tx.conn, by, account.id, key.id)?;
                    let secret = issue(tx.conn, by, &key, recipient, tx.now)?;
                    let event = by.did(Action::ApiKeyCreated).on(&key);
                    let event = event.with_list("permissions", names_of(&draft.permissions));
                    tx.record(account.id, limits(event, None, &key));
                    Ok(Kept::new(by, view_one(tx.conn, &key, tx.now)?, &secret))
                })
            })
            .await?;
        Ok(kept.into())
    }
}
