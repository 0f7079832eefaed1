//! Requires a new password at the user's next sign-in.

use kernel::{AccountId, UserId};
use store::{Conn, tables::directory::users};

use super::act::{Act, Effect, Lock};
use crate::base::{
    audit::{Action, Journal},
    error::Result,
    model::Actor,
    service::Service,
};

impl Service {
    /// Requires the user to choose a new password at the next sign-in. Repeating the call changes nothing.
    pub async fn require_password_change(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let what =
            |conn: &mut Conn, act: &Act<'_>, audit: &mut Journal| require_password_change(conn, act, audit).map(drop);
        self.act(actor, (account, user), Lock::User, what).await
    }
}

/// Requires the user to choose a new password at the next sign-in.
pub(crate) fn require_password_change(conn: &mut Conn, act: &Act<'_>, audit: &mut Journal) -> Result<Effect> {
    let user = &act.upon.target;
    if user.password_change_required {
        return Ok(Effect::Nothing);
    }
    users::require_password_change(conn, act.account.id, user.id)?;
    audit.record(act.account.id, act.actor.did(Action::PasswordChangeRequired).on(user));
    Ok(Effect::Done)
}
