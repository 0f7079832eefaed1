//! Deletes a user.

use kernel::{AccountId, UserId};
use store::{Conn, tables::directory::users};

use super::{
    act::{Act, Lock},
    administrators::keep_one,
};
use crate::base::{
    audit::{Action, Journal},
    error::{Error, Result},
    model::Actor,
    service::Service,
    throttling,
};

impl Service {
    /// Deletes the user and everything that belongs to the user: sessions and logins end at once. The audit log keeps
    /// the user's id, the name at the time of each entry, and what was done and from where. `if_version`: the version
    /// that the caller has seen.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`]; [`Error::Conflict`] when nobody else in the account would hold a built-in
    /// permission.
    pub async fn delete_user(
        &self,
        actor: &Actor,
        account: AccountId,
        user: UserId,
        if_version: Option<i64>,
    ) -> Result<()> {
        self.act(actor, (account, user), Lock::AccountFirst, move |conn, act, audit| {
            if if_version.is_some_and(|version| version != act.upon.target.version) {
                return Err(Error::PreconditionFailed);
            }
            delete(conn, act, audit)
        })
        .await
    }
}

/// Deletes the user and everything that belongs to the user. The caller has locked the account too.
pub(crate) fn delete(conn: &mut Conn, act: &Act<'_>, audit: &mut Journal) -> Result<()> {
    let (account, user) = (act.account, &act.upon.target);
    keep_one(conn, account, act.may_lose(), |conn| Ok(users::delete(conn, account.id, user.id)?))?;
    throttling::clear_all_of(conn, account, user)?;
    audit.record(account.id, act.actor.did(Action::UserDeleted).on(user));
    Ok(())
}
