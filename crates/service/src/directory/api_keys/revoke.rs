//! Revokes an API key.

use kernel::{AccountId, ApiKeyId};
use store::tables::directory::{accounts, api_key_permissions, api_keys};

use crate::authority::key_reach::reaches;
use crate::{
    authority::acting::{Needs, not_from_below, still_may},
    base::{
        audit::{Action, names_of},
        error::{Error, Result},
        model::Actor,
        service::Service,
    },
};
use permissions::Permission;

impl Service {
    /// Deletes the key: it is not accepted from now on, and neither are the secrets that were shown to it. A user may
    /// revoke a key that was given more than they hold, since a stolen key calls for that; a program may not.
    /// `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`]; [`Error::PermissionRequired`] names what the caller lacks.
    pub async fn revoke_api_key(
        &self,
        actor: &Actor,
        account: AccountId,
        key: ApiKeyId,
        if_version: Option<i64>,
    ) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
            accounts::lock(conn, account)?;
            let held = still_may(conn, &actor, Needs::In(account, Permission::ApiKeys), now)?;
            let key = api_keys::lock(conn, account, key)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != key.version) {
                return Err(Error::PreconditionFailed);
            }
            let given = api_key_permissions::of_key(conn, account, key.id)?;
            match actor.api_key() {
                None => not_from_below(&held, &given)?,
                Some(_) if actor.is_key(account, key.id) => {}
                Some(_) => reaches(&held, &given)?,
            }
            api_keys::delete(conn, account, key.id)?;
            let event = actor.did(Action::ApiKeyRevoked).on(&key);
            audit.record(account, event.with_list("permissions", names_of(&given)));
            Ok(())
        })
        .await
    }
}
