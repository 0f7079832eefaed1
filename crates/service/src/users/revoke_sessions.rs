//! Signed out everywhere.

use kernel::{AccountId, UserId};
use store::tables::{challenges, sessions};

use crate::{Actor, Permission, Result, acting::act_upon, audit::Action, service::Service};

impl Service {
    /// Ends all sessions and logins of the user. Doing it again changes nothing.
    pub async fn revoke_user_sessions(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let target = act_upon(conn, &actor, Permission::UserPermissions, account, user, now)?.target;
            let ended = sessions::end_all(conn, account, user, None)?;
            let revoked = challenges::revoke_open(conn, account, user)?;
            if ended + revoked > 0 {
                let event = actor.did(Action::UserSessionsRevoked).on(&target);
                audit.record(account, event.with("sessions", ended).with("logins", revoked));
            }
            Ok(())
        })
        .await
    }
}
