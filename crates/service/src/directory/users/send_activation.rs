//! Issues a new activation code for an existing user.

use kernel::UserId;
use permissions::UserPermissions;
use store::tables::directory::address_authors;

use super::act::Act;
use crate::{
    authority::activation_codes::beyond_address,
    authority::{acting::Lock, allowed::Allowed},
    base::{
        error::{Error, Result},
        model::IssuedActivation,
        service::Service,
    },
    directory::activation::{Way, issue_activation},
};

impl Service {
    /// Issues a new activation code for the user; older ones become void. Whoever gets it can become this user, so it
    /// is given only to callers who could grant all that the user holds. `by_mail`: it is sent to the user, too.
    ///
    /// # Errors
    /// With a mail [`Error::Validation`] for a user without an address, [`Error::TooManyRequests`], and
    /// [`Error::Conflict`] when no mail server is set, or when the address was set by somebody who could not grant what
    /// the user holds.
    pub async fn send_activation(
        &self,
        by: &Allowed<UserPermissions>,
        user: UserId,
        by_mail: bool,
    ) -> Result<IssuedActivation> {
        let way = way(by_mail);
        let issued = self.act_on(by, user, Lock::Users, move |act| send_activation(act, way)).await?;
        if by_mail {
            self.core.mail_came.notify_one();
        }
        Ok(issued)
    }
}

/// How a code reaches an existing user.
pub(crate) const fn way(by_mail: bool) -> Way {
    if by_mail { Way::ByMail { field: "/send_mail" } } else { Way::ByHand }
}

/// Makes a new activation code for the user.
///
/// # Errors
/// With a mail those of queueing one, and [`Error::Conflict`] when the address is not to be trusted with the code.
pub(crate) fn send_activation(act: &mut Act<'_, '_>, way: Way) -> Result<IssuedActivation> {
    let (account, user) = (act.account.id, &act.upon.target);
    let issued = issue_activation(act.tx, Some(act.actor), user, way)?;
    if let Way::ByMail { .. } = way {
        let author = address_authors::of_user(act.tx.conn, account, user.id)?;
        if let Some(permission) = beyond_address(act.tx.conn, author, (account, user.id), act.tx.now)? {
            return Err(Error::Conflict(format!(
                "this user holds {permission}, which whoever set the email address cannot grant now; set the address \
                 again to vouch for it yourself, or hand out a code without a mail"
            )));
        }
    }
    Ok(issued)
}
