//! Unlocks a user.

use kernel::{AccountId, UserId};
use store::{Conn, tables::sign_in::known_sources};

use super::act::{Act, Effect, Lock};
use crate::base::{
    audit::{Action, Journal},
    error::Result,
    model::Actor,
    service::Service,
    throttling,
};

impl Service {
    /// Resets the counters of the user's wrong passwords and codes. Repeating the call changes nothing.
    pub async fn unlock_user(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        self.act(actor, (account, user), Lock::User, |conn, act, audit| unlock(conn, act, audit).map(drop)).await
    }
}

/// Resets the counters of the user's wrong passwords and codes.
pub(crate) fn unlock(conn: &mut Conn, act: &Act<'_>, audit: &mut Journal) -> Result<Effect> {
    let (account, user) = (act.account, &act.upon.target);
    let mut counted = throttling::clear(conn, &throttling::password_of(account, user))?;
    for source in known_sources::of_user(conn, account.id, user.id)? {
        counted |= throttling::clear(conn, &throttling::password_from_known_source(user, source))?;
    }
    counted |= throttling::clear(conn, &throttling::new_password_of_user(user.id))?;
    counted |= throttling::clear(conn, &throttling::code_of_user(account.id, user.id))?;
    if !counted {
        return Ok(Effect::Nothing);
    }
    audit.record(account.id, act.actor.did(Action::UserUnlocked).on(user));
    Ok(Effect::Done)
}
