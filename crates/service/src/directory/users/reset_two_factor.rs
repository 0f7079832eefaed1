//! Resets a user's second factor.

use kernel::{AccountId, UserId};
use store::{
    Conn,
    tables::{
        directory::users,
        policies::two_factor_due,
        sign_in::{authenticators, challenges, known_sources, recovery_codes, sessions},
    },
};

use super::act::{Act, Effect, Lock};
use crate::base::{
    audit::{Action, Journal},
    error::Result,
    model::Actor,
    service::Service,
    throttling,
};

impl Service {
    /// Deletes the user's device and recovery codes, and ends all sessions and logins: at the next login the user
    /// enrolls again, if the policy requires it. Repeating the call changes nothing.
    pub async fn reset_two_factor(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let what = |conn: &mut Conn, act: &Act<'_>, audit: &mut Journal| reset_two_factor(conn, act, audit).map(drop);
        self.act(actor, (account, user), Lock::User, what).await
    }
}

/// Deletes the user's device and recovery codes, and ends all sessions and logins.
pub(crate) fn reset_two_factor(conn: &mut Conn, act: &Act<'_>, audit: &mut Journal) -> Result<Effect> {
    let (account, user) = (act.account.id, &act.upon.target);
    let had_device = authenticators::delete(conn, account, user.id)?;
    if had_device {
        // The time that the user has to enroll starts anew.
        two_factor_due::begin(conn, account, user.id, act.now)?;
    }
    recovery_codes::delete(conn, account, user.id)?;
    let ended = sessions::end_all(conn, account, user.id, None)?;
    let revoked = challenges::revoke_open(conn, account, user.id)?;
    let forgotten = known_sources::forget(conn, account, user.id)?;
    let counted = throttling::clear(conn, &throttling::code_of_user(account, user.id))?;
    if !had_device && ended + revoked + forgotten == 0 && !counted {
        return Ok(Effect::Nothing);
    }
    users::touch(conn, account, user.id)?;
    audit.record(account, act.actor.did(Action::TwoFactorReset).on(user).with("had_device", had_device));
    Ok(Effect::Done)
}
