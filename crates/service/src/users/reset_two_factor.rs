//! The phone is lost.

use kernel::{AccountId, UserId};
use store::tables::{authenticators, challenges, known_sources, recovery_codes, sessions, two_factor_due, users};

use crate::{Actor, Permission, Result, acting::act_upon, audit::Action, service::Service, sign_in::attempts};

impl Service {
    /// Forgets the user's device and recovery codes, and ends all sessions and logins: at the next login the user enrols
    /// again, if the policy asks. Doing it again changes nothing.
    pub async fn reset_two_factor(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            let target = act_upon(conn, &actor, Permission::UserPermissions, account, user, now)?.target;
            let had_device = authenticators::delete(conn, account, user)?;
            if had_device {
                // From now on there is time again to enrol.
                two_factor_due::begin(conn, account, user, now)?;
            }
            recovery_codes::delete(conn, account, user)?;
            let ended = sessions::end_all(conn, account, user, None)?;
            let revoked = challenges::revoke_open(conn, account, user)?;
            let forgotten = known_sources::forget(conn, account, user)?;
            let counted = attempts::clear(conn, &attempts::code_of_user(account, user))?;
            if !had_device && ended + revoked + forgotten == 0 && !counted {
                return Ok(());
            }
            audit.record(account, actor.did(Action::TwoFactorReset).on(&target).with("had_device", had_device));
            Ok(users::touch(conn, account, user)?)
        })
        .await
    }
}
