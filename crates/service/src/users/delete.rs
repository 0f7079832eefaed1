//! Somebody who is gone for good.

use kernel::{AccountId, UserId};
use store::tables::{accounts, users};

use super::administrators::keep_one;
use crate::{Actor, Error, Permission, Result, acting::act_upon, audit::Action, service::Service, sign_in::attempts};

impl Service {
    /// Deletes the user and everything that belongs to the user: sessions and logins end at once. What remains is what was
    /// written down of the user: the id, the name of the time, what was done and from where. `if_version`: the
    /// version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`]; [`Error::Conflict`] when the account would be left without an administrator.
    pub async fn delete_user(
        &self,
        actor: &Actor,
        account: AccountId,
        user: UserId,
        if_version: Option<i64>,
    ) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
            accounts::lock(conn, account.id)?;
            let needs = Permission::UserPermissions;
            let user = act_upon(conn, &actor, needs, account.id, user, now)?.target;
            if if_version.is_some_and(|version| version != user.version) {
                return Err(Error::PreconditionFailed);
            }
            keep_one(conn, &account, |conn| Ok(users::delete(conn, account.id, user.id)?))?;
            attempts::clear_all_of(conn, &account, &user)?;
            audit.record(account.id, actor.did(Action::UserDeleted).on(&user));
            Ok(())
        })
        .await
    }
}
