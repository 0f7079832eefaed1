//! Disables a user.

use kernel::UserId;
use permissions::UserPermissions;
use store::tables::{
    directory::users::{self, Status},
    sign_in::{challenges, sessions},
};

use super::{
    act::{Act, Effect},
    administrators::keep_one,
};
use crate::{
    authority::{acting::Lock, allowed::Allowed},
    base::{audit::Action, error::Result, service::Service},
};

impl Service {
    /// Disables the user: sessions and logins end at once. Repeating the call changes nothing.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::base::error::Error::Conflict) when nobody else in the account would hold a built-in
    /// permission.
    pub async fn disable_user(&self, by: &Allowed<UserPermissions>, user: UserId) -> Result<()> {
        self.act_on(by, user, Lock::Account, |act| disable(act).map(drop)).await
    }
}

/// Disables the user. The caller has locked the account too.
pub(crate) fn disable(act: &mut Act<'_, '_>) -> Result<Effect> {
    let (account, user) = (act.account, &act.upon.target);
    if user.status == Status::Disabled {
        return Ok(Effect::Nothing);
    }
    keep_one(act.tx.conn, account, act.may_lose(), |conn| {
        Ok(users::set_status(conn, account.id, user.id, Status::Disabled)?)
    })?;
    sessions::end_all(act.tx.conn, account.id, user.id, None)?;
    challenges::revoke_open(act.tx.conn, account.id, user.id)?;
    act.tx.record(account.id, act.actor.did(Action::UserDisabled).on(user));
    Ok(Effect::Done)
}
