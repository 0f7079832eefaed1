//! Enables a user.

use kernel::UserId;
use permissions::UserPermissions;
use store::tables::directory::users::{self, Status};

use super::act::{Act, Effect};
use crate::{
    authority::{acting::Lock, allowed::Allowed},
    base::{audit::Action, error::Result, service::Service},
};

impl Service {
    /// Enables the user. Repeating the call changes nothing.
    pub async fn enable_user(&self, by: &Allowed<UserPermissions>, user: UserId) -> Result<()> {
        self.act_on(by, user, Lock::Users, |act| enable(act).map(drop)).await
    }
}

/// Enables the user.
pub(crate) fn enable(act: &mut Act<'_, '_>) -> Result<Effect> {
    let user = &act.upon.target;
    if user.status == Status::Active {
        return Ok(Effect::Nothing);
    }
    users::set_status(act.tx.conn, act.account.id, user.id, Status::Active)?;
    act.tx.record(act.account.id, act.actor.did(Action::UserEnabled).on(user));
    Ok(Effect::Done)
}
