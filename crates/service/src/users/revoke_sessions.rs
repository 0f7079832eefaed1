//! Signed out everywhere.

use kernel::{AccountId, UserId};
use store::tables::{challenges, sessions};

use crate::{Actor, Permission, Result, acting::act_upon, service::Service};

impl Service {
    /// Ends all sessions and logins of the user. Doing it again changes nothing.
    pub async fn revoke_user_sessions(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.store
            .write(move |conn| {
                act_upon(conn, &actor, Permission::UserPermissions, account, user, now)?;
                sessions::end_all(conn, account, user, None)?;
                Ok(challenges::revoke_open(conn, account, user)?)
            })
            .await
    }
}
