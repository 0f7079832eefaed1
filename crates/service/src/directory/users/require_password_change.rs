//! Requires a new password at the user's next sign-in.

use kernel::UserId;
use permissions::UserPermissions;
use store::tables::directory::users;

use super::act::{Act, Effect};
use crate::{
    authority::{acting::Lock, allowed::Allowed},
    base::{audit::Action, error::Result, service::Service},
};

impl Service {
    /// Requires the user to choose a new password at the next sign-in. Repeating the call changes nothing.
    pub async fn require_password_change(&self, by: &Allowed<UserPermissions>, user: UserId) -> Result<()> {
        self.act_on(by, user, Lock::Users, |act| require_password_change(act).map(drop)).await
    }
}

/// Requires the user to choose a new password at the next sign-in.
pub(crate) fn require_password_change(act: &mut Act<'_, '_>) -> Result<Effect> {
    let user = &act.upon.target;
    if user.password_change_required {
        return Ok(Effect::Nothing);
    }
    users::require_password_change(act.tx.conn, act.account.id, user.id)?;
    act.tx.record(act.account.id, act.actor.did(Action::PasswordChangeRequired).on(user));
    Ok(Effect::Done)
}
