//! Unlocks a user.

use kernel::UserId;
use permissions::UserPermissions;
use store::tables::sign_in::known_sources;

use super::act::{Act, Effect};
use crate::{
    authority::{acting::Lock, allowed::Allowed},
    base::{audit::Action, error::Result, service::Service, throttling},
};

impl Service {
    /// Resets the counters of the user's wrong passwords and codes. Repeating the call changes nothing.
    pub async fn unlock_user(&self, by: &Allowed<UserPermissions>, user: UserId) -> Result<()> {
        self.act_on(by, user, Lock::Users, |act| unlock(act).map(drop)).await
    }
}

/// Resets the counters of the user's wrong passwords and codes.
pub(crate) fn unlock(act: &mut Act<'_, '_>) -> Result<Effect> {
    let (account, user) = (act.account, &act.upon.target);
    let mut counted = throttling::clear(act.tx.conn, &throttling::password_of(account, user))?;
    for source in known_sources::of_user(act.tx.conn, account.id, user.id)? {
        counted |= throttling::clear(act.tx.conn, &throttling::password_from_known_source(user, source))?;
    }
    counted |= throttling::clear(act.tx.conn, &throttling::new_password_of_user(user.id))?;
    counted |= throttling::clear(act.tx.conn, &throttling::code_of_user(account.id, user.id))?;
    if !counted {
        return Ok(Effect::Nothing);
    }
    act.tx.record(account.id, act.actor.did(Action::UserUnlocked).on(user));
    Ok(Effect::Done)
}
