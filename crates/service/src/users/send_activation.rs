//! A new activation code.

use kernel::{AccountId, UserId};
use permissions::may_grant;
use store::Conn;

use super::act::{Act, Lock};
use crate::{
    Actor, Error, Result,
    activation::{IssuedActivation, Way, issue_activation},
    audit::Journal,
    service::Service,
};

impl Service {
    /// Hands out a new activation code for the user; older ones are void. Whoever gets it can become this user, so it is
    /// given only to somebody who holds all that the user holds. `by_mail`: it is sent to the user, too.
    ///
    /// # Errors
    /// [`Error::PermissionRequired`] names what the caller lacks. With a mail [`Error::Validation`] for a user without an
    /// address, [`Error::TooManyRequests`], and [`Error::Conflict`] where none is sent.
    pub async fn send_activation(
        &self,
        actor: &Actor,
        account: AccountId,
        user: UserId,
        by_mail: bool,
    ) -> Result<IssuedActivation> {
        let way = way(by_mail);
        let act = move |conn: &mut Conn, act: &Act<'_>, audit: &mut Journal| send_activation(conn, act, audit, way);
        let issued = self.act(actor, (account, user), Lock::User, act).await?;
        if by_mail {
            self.core.mail_came.notify_one();
        }
        Ok(issued)
    }
}

/// How a code gets to a user who is there already.
pub(crate) const fn way(by_mail: bool) -> Way {
    if by_mail { Way::ByMail { field: "/send_mail" } } else { Way::ByHand }
}

/// Makes a new activation code for the user.
///
/// # Errors
/// [`Error::PermissionRequired`] names what who acts lacks of what the user holds; with a mail those of queueing one.
pub(crate) fn send_activation(
    conn: &mut Conn,
    act: &Act<'_>,
    audit: &mut Journal,
    way: Way,
) -> Result<IssuedActivation> {
    let upon = act.upon;
    if let Some(lacking) = upon.held_by_target.iter().find(|permission| !may_grant(&upon.held_by_actor, permission)) {
        return Err(Error::PermissionRequired(lacking.clone()));
    }
    issue_activation(conn, audit, act.core, Some(act.actor), &upon.target, way, act.now)
}
