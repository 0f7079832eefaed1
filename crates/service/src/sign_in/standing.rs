//! How a user stands at this moment: all that a sign-in depends on.

use auth::challenge::{Demands, Device, SecondFactorDemand};
use kernel::{AccountId, Time, UserId};
use password_policy::{Shortcomings, SignIn};
use permissions::PermissionSet;
use store::{
    Conn,
    tables::{
        accounts::{self, Account},
        authenticators::{self, Authenticator},
        two_factor_policies, two_factor_policy_users, user_permissions,
        users::{self, User},
    },
};

use crate::{
    Error, FieldError, Result, UserView,
    model::view_of,
    password_policies::{AppliedPolicy, Policies},
};

/// A user, and what the policies say of this user.
pub(crate) struct Standing {
    pub(crate) account: Account,
    pub(crate) user: User,
    /// Whether the account's policy asks this user for a second factor.
    pub(crate) policy_asks: bool,
    pub(crate) device: Option<Authenticator>,
    /// What the user holds.
    pub(crate) permissions: PermissionSet,
    /// The password policy that applies to this user.
    pub(crate) applied: AppliedPolicy,
}

impl Standing {
    /// Locks the user until the transaction ends, and looks. `None`: there is no such user, or it is disabled, or nobody of
    /// the account may sign in.
    pub(crate) fn of_active(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Option<Self>> {
        let user = users::lock_active(conn, account, user)?;
        user.map(|user| Self::of(conn, user)).transpose()
    }

    /// Looks, without a lock: what comes of it has to be looked at again before it is written down.
    pub(crate) fn look(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Option<Self>> {
        let user = users::active(conn, account, user)?;
        user.map(|user| Self::of(conn, user)).transpose()
    }

    fn of(conn: &mut Conn, user: User) -> Result<Self> {
        let account = accounts::by_id(conn, user.account_id)?
            .ok_or_else(|| Error::Internal(format!("user {} has no account", user.id)))?;
        let policy_asks = policy_asks(conn, account.id, user.id)?;
        let device = authenticators::of_user(conn, account.id, user.id)?;
        let permissions = user_permissions::of_user(conn, account.id, user.id)?;
        let applied =
            Policies::of(conn, account.id, &[user.id])?.applied_to(user.id, &permissions)?.with_words(conn)?;
        Ok(Self { account, user, policy_asks, device, permissions, applied })
    }

    /// The second factor that is asked of the user.
    pub(crate) fn second_factor(&self) -> SecondFactorDemand {
        let device = match &self.device {
            None => Device::Absent,
            Some(device) if device.by_choice => Device::EnrolledByChoice,
            Some(_) => Device::Enrolled,
        };
        SecondFactorDemand::of(self.policy_asks, device)
    }

    /// How much the password alone has to carry.
    pub(crate) fn sign_in(&self) -> SignIn {
        match self.second_factor() {
            SecondFactorDemand::Nothing => SignIn::PasswordOnly,
            SecondFactorDemand::Enrollment | SecondFactorDemand::Code => SignIn::WithSecondFactor,
        }
    }

    /// What the user has to do beside the password. `shortcomings`: what was wrong with the password that was typed.
    pub(crate) fn demands(&self, shortcomings: &Shortcomings, now: Time) -> Demands {
        let password_change = !self.reasons_for_change(shortcomings, now).is_empty();
        Demands { second_factor: self.second_factor(), password_change }
    }

    /// Why the user has to choose a new password; empty: for no reason.
    pub(crate) fn reasons_for_change(&self, shortcomings: &Shortcomings, now: Time) -> Vec<FieldError> {
        self.applied.reasons_for_change(&self.user, shortcomings, self.sign_in(), now)
    }

    /// How the user looks from outside.
    pub(crate) fn view(&self, now: Time) -> UserView {
        let device = self.device.as_ref().map(|device| device.by_choice);
        let password = self.applied.view(&self.user, now);
        view_of(&self.user, &self.permissions, self.policy_asks, device, password)
    }
}

/// Whether the account's policy asks this user.
pub(crate) fn policy_asks(conn: &mut Conn, account: AccountId, user: UserId) -> Result<bool> {
    let policy = two_factor_policies::of_account(conn, account)?
        .ok_or_else(|| Error::Internal(format!("account {account} has no two-factor policy")))?;
    let listed = policy.mode.has_list() && two_factor_policy_users::contains(conn, account, user)?;
    Ok(policy.mode.asks(listed))
}
