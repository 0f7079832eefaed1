//! Nobody signs in as this user.

use kernel::{AccountId, UserId};
use store::tables::{
    accounts, challenges, sessions,
    users::{self, Status},
};

use super::administrators::keep_one;
use crate::{Actor, Error, Permission, Result, acting::act_upon, audit::Action, service::Service};

impl Service {
    /// Disables the user: sessions and logins end at once. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the account would be left without an administrator.
    pub async fn disable_user(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
            accounts::lock(conn, account.id)?;
            let needs = Permission::UserPermissions;
            let user = act_upon(conn, &actor, needs, account.id, user, now)?.target;
            if user.status == Status::Disabled {
                return Ok(());
            }
            keep_one(conn, &account, |conn| Ok(users::set_status(conn, account.id, user.id, Status::Disabled)?))?;
            sessions::end_all(conn, account.id, user.id, None)?;
            challenges::revoke_open(conn, account.id, user.id)?;
            audit.record(account.id, actor.did(Action::UserDisabled).on(&user));
            Ok(())
        })
        .await
    }
}
