//! Deletes a user.

use kernel::UserId;
use permissions::UserPermissions;
use store::tables::directory::users;

use super::{act::Act, administrators::keep_one};
use crate::{
    authority::{acting::Lock, allowed::Allowed},
    base::{
        audit::Action,
        error::{Error, Result},
        service::Service,
        throttling,
    },
};

impl Service {
    /// Deletes the user and everything that belongs to the user: sessions and logins end at once. The audit log keeps
    /// the user's id, the name at the time of each entry, and what was done and from where. `if_version`: the version
    /// that the caller has seen.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`]; [`Error::Conflict`] when nobody else in the account would hold a built-in
    /// permission.
    pub async fn delete_user(
        &self,
        by: &Allowed<UserPermissions>,
        user: UserId,
        if_version: Option<i64>,
    ) -> Result<()> {
        self.act_on(by, user, Lock::Account, move |act| {
            if if_version.is_some_and(|version| version != act.upon.target.version) {
                return Err(Error::PreconditionFailed);
            }
            delete(act)
        })
        .await
    }
}

/// Deletes the user and everything that belongs to the user. The caller has locked the account too.
pub(crate) fn delete(act: &mut Act<'_, '_>) -> Result<()> {
    let (account, user) = (act.account, &act.upon.target);
    keep_one(act.tx.conn, account, act.may_lose(), |conn| Ok(users::delete(conn, account.id, user.id)?))?;
    throttling::clear_all_of(act.tx.conn, account, user)?;
    act.tx.record(account.id, act.actor.did(Action::UserDeleted).on(user));
    Ok(())
}
