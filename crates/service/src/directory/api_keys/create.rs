//! Creates an API key.

use std::sync::Arc;

use kernel::{AccountId, Id, OsRandom};
use permissions::{PermissionSet, change};
use store::{
    Conn,
    tables::directory::{
        accounts, api_key_permissions,
        api_keys::{self, ApiKey},
    },
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
        acting::{Needs, still_may},
        registered::must_be_registered,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, Result},
        idempotency::{IdempotencyKey, once_unless},
        model::Actor,
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
};
use permissions::Permission;

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
        actor: &Actor,
        account: AccountId,
        draft: &ApiKeyDraft,
        key: Option<IdempotencyKey>,
    ) -> Result<IssuedApiKey> {
        let draft = draft.parse()?;
        let (core, actor, now) = (Arc::clone(&self.core), actor.clone(), self.core.now());
        let kept: Kept = self
            .write(move |conn, audit| {
                let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                accounts::lock(conn, account.id)?;
                let held = still_may(conn, &actor, Needs::In(account.id, Permission::ApiKeys), now)?;
                let again = |conn: &mut Conn, kept: &Kept, since| kept.is_told_again(conn, &actor, since, now);
                once_unless(conn, &core, &actor, key.as_ref(), now, again, |conn| {
                    draft.ends_later_than(now)?;
                    let in_platform = account.slug == PLATFORM_SLUG;
                    change(&held, &PermissionSet::default(), &draft.permissions, in_platform)?;
                    must_be_registered(conn, &draft.permissions)?;
                    must_stay_within(conn, &actor, None, &draft, &draft.permissions)?;
                    if api_keys::count(conn, account.id)? >= MAX_KEYS {
                        return Err(Error::Conflict(format!("an account can have at most {MAX_KEYS} API keys")));
                    }
                    let key = ApiKey {
                        account_id: account.id,
                        id: Id::generate(now, &mut OsRandom),
                        name: draft.name.clone(),
                        name_key: draft.name_key.clone(),
                        description: draft.description.clone(),
                        networks: draft.networks.clone(),
                        expires_at: draft.expires_at,
                        last_use: None,
                        version: 1,
                        created_at: now,
                        updated_at: now,
                    };
                    api_keys::insert(conn, &key).map_err(name_taken)?;
                    for permission in draft.permissions.iter() {
                        api_key_permissions::add(conn, account.id, key.id, permission)?;
                    }
                    let recipient = recipient(conn, &actor, account.id, key.id)?;
                    let secret = issue(conn, &actor, &key, recipient, now)?;
                    let event = actor.did(Action::ApiKeyCreated).on(&key);
                    let event = event.with_list("permissions", names_of(&draft.permissions));
                    audit.record(account.id, limits(event, None, &key));
                    Ok(Kept::new(&actor, view_one(conn, &key, now)?, &secret))
                })
            })
            .await?;
        Ok(kept.into())
    }
}
