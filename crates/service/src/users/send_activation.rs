//! A new activation code.

use kernel::{AccountId, UserId};
use permissions::may_grant;
use store::Conn;

use super::act::{Act, Lock};
use crate::{
    Actor, Error, Result,
    activation::{IssuedActivation, issue_activation},
    audit::Journal,
    service::Service,
};

impl Service {
    /// Hands out a new activation code for the user; older ones are void. Whoever gets it can become this user, so it is
    /// given only to somebody who holds all that the user holds.
    ///
    /// # Errors
    /// [`Error::PermissionRequired`] names what the caller lacks.
    pub async fn send_activation(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<IssuedActivation> {
        self.act(actor, (account, user), Lock::User, send_activation).await
    }
}

/// Makes a new activation code for the user.
///
/// # Errors
/// [`Error::PermissionRequired`] names what who acts lacks of what the user holds.
pub(crate) fn send_activation(conn: &mut Conn, act: &Act<'_>, audit: &mut Journal) -> Result<IssuedActivation> {
    let upon = act.upon;
    if let Some(lacking) = upon.held_by_target.iter().find(|permission| !may_grant(&upon.held_by_actor, permission)) {
        return Err(Error::PermissionRequired(lacking.clone()));
    }
    issue_activation(conn, audit, act.core, Some(act.actor), &upon.target, act.now)
}
