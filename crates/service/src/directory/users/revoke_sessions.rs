//! Revokes a user's sessions.

use kernel::{AccountId, UserId};
use store::{
    Conn,
    tables::sign_in::{challenges, sessions},
};

use super::act::{Act, Effect, Lock};
use crate::base::{
    audit::{Action, Journal},
    error::Result,
    model::Actor,
    service::Service,
};

impl Service {
    /// Ends all sessions and logins of the user. Repeating the call changes nothing.
    pub async fn revoke_user_sessions(&self, actor: &Actor, account: AccountId, user: UserId) -> Result<()> {
        let what = |conn: &mut Conn, act: &Act<'_>, audit: &mut Journal| revoke_sessions(conn, act, audit).map(drop);
        self.act(actor, (account, user), Lock::User, what).await
    }
}

/// Ends all sessions and logins of the user.
pub(crate) fn revoke_sessions(conn: &mut Conn, act: &Act<'_>, audit: &mut Journal) -> Result<Effect> {
    let (account, user) = (act.account.id, &act.upon.target);
    let ended = sessions::end_all(conn, account, user.id, None)?;
    let revoked = challenges::revoke_open(conn, account, user.id)?;
    if ended + revoked == 0 {
        return Ok(Effect::Nothing);
    }
    let event = act.actor.did(Action::UserSessionsRevoked).on(user);
    audit.record(account, event.with("sessions", ended).with("logins", revoked));
    Ok(Effect::Done)
}
