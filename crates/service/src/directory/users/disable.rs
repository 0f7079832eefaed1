//! Disables a user.

use kernel::{AccountId, UserId};
use store::{
    Conn,
    tables::{
        directory::users::{self, Status},
        sign_in::{challenges, sessions},
    },
};

use super::{
    act::{Act, Effect, Lock},
    administrators::keep_one,
};
use crate::base::{
    audit::{Action, Journal},
    error::Result,
    model::Actor,
    service::Service,
};

impl Service {
    /// Disables the user: sessions and logins end at once. Repeating the call changes nothing.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::base::error::Error::Conflict) when nobody else in the account would hold a built-in
    /// permission.
    pub async fn disable_user(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        self.act(actor, (account, user), Lock::AccountFirst, |conn, act, audit| disable(conn, act, audit).map(drop))
            .await
    }
}

/// Disables the user. The caller has locked the account too.
pub(crate) fn disable(conn: &mut Conn, act: &Act<'_>, audit: &mut Journal) -> Result<Effect> {
    let (account, user) = (act.account, &act.upon.target);
    if user.status == Status::Disabled {
        return Ok(Effect::Nothing);
    }
    keep_one(conn, account, act.may_lose(), |conn| {
        Ok(users::set_status(conn, account.id, user.id, Status::Disabled)?)
    })?;
    sessions::end_all(conn, account.id, user.id, None)?;
    challenges::revoke_open(conn, account.id, user.id)?;
    audit.record(account.id, act.actor.did(Action::UserDisabled).on(user));
    Ok(Effect::Done)
}
