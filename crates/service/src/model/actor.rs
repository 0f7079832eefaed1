//! Who asks.

use auth::session;
use chrono::TimeDelta;
use kernel::{AccountId, SessionId, Time, UserId};
use permissions::{Decision, Permission, PermissionSet, decide};

use crate::{Error, Result};

/// A signed-in user, as the database knew the session and the user when the request came.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account of the user.
    pub account_id: AccountId,
    /// The user.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// What the user holds at this moment.
    pub permissions: PermissionSet,
    /// When the user last proved who it is.
    pub auth_time: Time,
}

impl Actor {
    /// Whether this user may do to `account` what `needed` guards. The account of somebody else is not found.
    pub fn allow(&self, account: AccountId, needed: Permission) -> Result<()> {
        match decide(&self.permissions, self.account_id, account, needed) {
            Decision::Allowed => Ok(()),
            Decision::Missing(permission) => Err(Error::PermissionRequired(permission)),
            Decision::Hidden => Err(Error::NotFound),
        }
    }

    /// Whether this user may do what stands above accounts.
    pub fn allow_platform(&self) -> Result<()> {
        if self.permissions.covers(&Permission::PlatformAdministration) {
            Ok(())
        } else {
            Err(Error::PermissionRequired(Permission::PlatformAdministration))
        }
    }

    /// Whether the last sign-in is recent enough for a sensitive operation.
    pub fn recently_signed_in(&self, max_age: TimeDelta, now: Time) -> Result<()> {
        if session::is_recent(self.auth_time, max_age, now) {
            return Ok(());
        }
        Err(Error::ReauthenticationRequired { max_age_seconds: u32::try_from(max_age.num_seconds()).unwrap_or(0) })
    }
}
