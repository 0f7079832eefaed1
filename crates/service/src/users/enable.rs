//! The user may sign in again.

use kernel::{AccountId, UserId};
use store::tables::users::{self, Status};

use crate::{Actor, Permission, Result, acting::act_upon, service::Service};

impl Service {
    /// Enables the user. Doing it again changes nothing.
    pub async fn enable_user(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.store
            .write(move |conn| {
                let user = act_upon(conn, &actor, Permission::UserPermissions, account, user, now)?.target;
                match user.status {
                    Status::Active => Ok(()),
                    Status::Disabled => Ok(users::set_status(conn, account, user.id, Status::Active)?),
                }
            })
            .await
    }
}
