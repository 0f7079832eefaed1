//! The user need not wait.

use kernel::{AccountId, UserId};
use store::tables::accounts;

use crate::{Actor, Error, Permission, Result, acting::act_upon, service::Service, sign_in::attempts};

impl Service {
    /// Forgets the wrong passwords and codes that were counted for the user. Doing it again changes nothing.
    pub async fn unlock_user(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.store
            .write(move |conn| {
                let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let user = act_upon(conn, &actor, Permission::UserPermissions, account.id, user, now)?.target;
                attempts::clear_all_of(conn, &account, &user)
            })
            .await
    }
}
