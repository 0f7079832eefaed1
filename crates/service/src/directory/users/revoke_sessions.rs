//! Revokes a user's sessions.

use kernel::UserId;
use permissions::UserPermissions;
use store::tables::sign_in::{challenges, sessions};

use super::act::{Act, Effect};
use crate::{
    authority::{acting::Lock, allowed::Allowed},
    base::{audit::Action, error::Result, service::Service},
};

impl Service {
    /// Ends all sessions and logins of the user. Repeating the call changes nothing.
    pub async fn revoke_user_sessions(&self, by: &Allowed<UserPermissions>, user: UserId) -> Result<()> {
        self.act_on(by, user, Lock::Users, |act| revoke_sessions(act).map(drop)).await
    }
}

/// Ends all sessions and logins of the user.
pub(crate) fn revoke_sessions(act: &mut Act<'_, '_>) -> Result<Effect> {
    let (account, user) = (act.account.id, &act.upon.target);
    let ended = sessions::end_all(act.tx.conn, account, user.id, None)?;
    let revoked = challenges::revoke_open(act.tx.conn, account, user.id)?;
    if ended + revoked == 0 {
        return Ok(Effect::Nothing);
    }
    let event = act.actor.did(Action::UserSessionsRevoked).on(user);
    act.tx.record(account, event.with("sessions", ended).with("logins", revoked));
    Ok(Effect::Done)
}
