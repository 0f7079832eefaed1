//! Resets a user's second factor.

use kernel::UserId;
use permissions::UserPermissions;
use store::tables::{
    directory::users,
    policies::two_factor_due,
    sign_in::{authenticators, challenges, known_sources, recovery_codes, sessions},
};

use super::act::{Act, Effect};
use crate::{
    authority::{acting::Lock, allowed::Allowed},
    base::{audit::Action, error::Result, service::Service, throttling},
};

impl Service {
    /// Deletes the user's device and recovery codes, and ends all sessions and logins: at the next login the user
    /// enrolls again, if the policy requires it. Repeating the call changes nothing.
    pub async fn reset_two_factor(&self, by: &Allowed<UserPermissions>, user: UserId) -> Result<()> {
        self.act_on(by, user, Lock::Users, |act| reset_two_factor(act).map(drop)).await
    }
}

/// Deletes the user's device and recovery codes, and ends all sessions and logins.
pub(crate) fn reset_two_factor(act: &mut Act<'_, '_>) -> Result<Effect> {
    let (account, user) = (act.account.id, &act.upon.target);
    let had_device = authenticators::delete(act.tx.conn, account, user.id)?;
    if had_device {
        // The time that the user has to enroll starts anew.
        two_factor_due::begin(act.tx.conn, account, user.id, act.tx.now)?;
    }
    recovery_codes::delete(act.tx.conn, account, user.id)?;
    let ended = sessions::end_all(act.tx.conn, account, user.id, None)?;
    let revoked = challenges::revoke_open(act.tx.conn, account, user.id)?;
    let forgotten = known_sources::forget(act.tx.conn, account, user.id)?;
    let counted = throttling::clear(act.tx.conn, &throttling::code_of_user(account, user.id))?;
    if !had_device && ended + revoked + forgotten == 0 && !counted {
        return Ok(Effect::Nothing);
    }
    users::touch(act.tx.conn, account, user.id)?;
    act.tx.record(account, act.actor.did(Action::TwoFactorReset).on(user).with("had_device", had_device));
    Ok(Effect::Done)
}
