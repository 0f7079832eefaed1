//! The phone is lost.

use kernel::{AccountId, UserId};
use store::tables::{authenticators, challenges, known_sources, recovery_codes, sessions, two_factor_due, users};

use crate::{Actor, Permission, Result, acting::act_upon, service::Service, sign_in::attempts};

impl Service {
    /// Forgets the user's device and recovery codes, and ends all sessions and logins: at the next login the user enrols
    /// again, if the policy asks. Doing it again changes nothing.
    pub async fn reset_two_factor(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.store
            .write(move |conn| {
                act_upon(conn, &actor, Permission::UserPermissions, account, user, now)?;
                // From now on there is time again to enrol.
                if authenticators::delete(conn, account, user)? {
                    two_factor_due::begin(conn, account, user, now)?;
                }
                recovery_codes::delete(conn, account, user)?;
                sessions::end_all(conn, account, user, None)?;
                challenges::revoke_open(conn, account, user)?;
                known_sources::forget(conn, account, user)?;
                attempts::clear(conn, &attempts::code_of_user(account, user))?;
                Ok(users::touch(conn, account, user)?)
            })
            .await
    }
}
