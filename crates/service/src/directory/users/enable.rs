//! Enables a user.

use kernel::{AccountId, UserId};
use store::{
    Conn,
    tables::directory::users::{self, Status},
};

use super::act::{Act, Effect, Lock};
use crate::base::{
    audit::{Action, Journal},
    error::Result,
    model::Actor,
    service::Service,
};

impl Service {
    /// Enables the user. Repeating the call changes nothing.
    pub async fn enable_user(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        self.act(actor, (account, user), Lock::User, |conn, act, audit| enable(conn, act, audit).map(drop)).await
    }
}

/// Enables the user.
pub(crate) fn enable(conn: &mut Conn, act: &Act<'_>, audit: &mut Journal) -> Result<Effect> {
    let user = &act.upon.target;
    if user.status == Status::Active {
        return Ok(Effect::Nothing);
    }
    users::set_status(conn, act.account.id, user.id, Status::Active)?;
    audit.record(act.account.id, act.actor.did(Action::UserEnabled).on(user));
    Ok(Effect::Done)
}
