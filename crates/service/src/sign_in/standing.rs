//! How a user stands at this moment: all that a sign-in depends on.

use auth::challenge::{Demands, Device, SecondFactorDemand};
use kernel::{AccountId, UserId};
use store::{
    Conn,
    tables::{
        accounts::{self, Account},
        authenticators::{self, Authenticator},
        two_factor_policies, two_factor_policy_users,
        users::{self, Status, User},
    },
};

use crate::{Error, Result};

/// A user, locked until the transaction ends, and what the policies say of this user.
pub(crate) struct Standing {
    pub(crate) account: Account,
    pub(crate) user: User,
    /// Whether the account's policy asks this user for a second factor.
    pub(crate) policy_asks: bool,
    pub(crate) device: Option<Authenticator>,
}

impl Standing {
    /// Locks the user and looks. `None`: there is no such user, or it is disabled.
    pub(crate) fn of_active(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Option<Self>> {
        let Some(user) = users::lock(conn, account, user)?.filter(|user| user.status == Status::Active) else {
            return Ok(None);
        };
        let account = accounts::by_id(conn, account)?
            .ok_or_else(|| Error::Internal(format!("user {} has no account", user.id)))?;
        let policy_asks = policy_asks(conn, account.id, user.id)?;
        let device = authenticators::of_user(conn, account.id, user.id)?;
        Ok(Some(Self { account, user, policy_asks, device }))
    }

    /// What the user has to do beside the password.
    pub(crate) fn demands(&self) -> Demands {
        let device = match &self.device {
            None => Device::Absent,
            Some(device) if device.by_choice => Device::EnrolledByChoice,
            Some(_) => Device::Enrolled,
        };
        Demands {
            second_factor: SecondFactorDemand::of(self.policy_asks, device),
            password_change: self.user.password_change_required,
        }
    }
}

/// Whether the account's policy asks this user.
pub(crate) fn policy_asks(conn: &mut Conn, account: AccountId, user: UserId) -> Result<bool> {
    let policy = two_factor_policies::of_account(conn, account)?
        .ok_or_else(|| Error::Internal(format!("account {account} has no two-factor policy")))?;
    let listed = policy.mode.has_list() && two_factor_policy_users::contains(conn, account, user)?;
    Ok(policy.mode.asks(listed))
}
