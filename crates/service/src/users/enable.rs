//! The user may sign in again.

use kernel::{AccountId, UserId};
use store::tables::users::{self, Status};

use crate::{Actor, Permission, Result, acting::act_upon, audit::Action, service::Service};

impl Service {
    /// Enables the user. Doing it again changes nothing.
    pub async fn enable_user(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let user = act_upon(conn, &actor, Permission::UserPermissions, account, user, now)?.target;
            if user.status == Status::Active {
                return Ok(());
            }
            users::set_status(conn, account, user.id, Status::Active)?;
            audit.record(account, actor.did(Action::UserEnabled).on(&user));
            Ok(())
        })
        .await
    }
}
