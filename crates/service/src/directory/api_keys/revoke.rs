//! Revokes an API key.

use kernel::ApiKeyId;
use store::tables::directory::{api_key_permissions, api_keys};

use crate::authority::key_reach::reaches;
use crate::{
    authority::{
        acted_upon::not_from_below,
        acting::{Acting, Lock},
        allowed::Allowed,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, Result},
        service::Service,
    },
};
use permissions::ApiKeys;

impl Service {
    /// Deletes the key: it is not accepted from now on, and neither are the secrets that were shown to it. A user may
    /// revoke a key that was given more than they hold, since a stolen key calls for that; a program may not.
    /// `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`]; [`Error::PermissionRequired`] names what the caller lacks.
    pub async fn revoke_api_key(&self, by: &Allowed<ApiKeys>, key: ApiKeyId, if_version: Option<i64>) -> Result<()> {
        self.act(by, Lock::Account, move |Acting { tx, by, held }, account| {
            let account = account.id;
            let key = api_keys::lock(tx.conn, account, key)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != key.version) {
                return Err(Error::PreconditionFailed);
            }
            let given = api_key_permissions::of_key(tx.conn, account, key.id)?;
            match by.api_key() {
                None => not_from_below(held, &given)?,
                Some(_) if by.is_key(account, key.id) => {}
                Some(_) => reaches(held, &given)?,
            }
            api_keys::delete(tx.conn, account, key.id)?;
            let event = by.did(Action::ApiKeyRevoked).on(&key);
            tx.record(account, event.with_list("permissions", names_of(&given)));
            Ok(())
        })
        .await
    }
}
