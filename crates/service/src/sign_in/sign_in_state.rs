//! Reads the current state of a user: everything that a sign-in depends on.

use auth::challenge::{Demands, Device, SecondFactorDemand};
use kernel::{AccountId, Time, UserId};
use password_policy::SignIn;
use permissions::PermissionSet;
use store::{
    Conn,
    tables::{
        directory::{
            accounts::Account,
            users::{self, User},
        },
        sign_in::{
            authenticators::{self, Authenticator},
            challenges::JudgedPassword,
            sign_in_facts::{self, SignInFacts},
        },
    },
};

use super::Measure;
use crate::{
    base::error::{Error, FieldError, Result},
    directory::users::{UserView, view_of},
    policies::password_policies::{AppliedPolicy, Policies},
};

/// How often everything is read again because a policy has changed in between: nobody changes one that often in so
/// short a time.
const TRIES: usize = 5;

/// A user, and what the policies require of them.
pub(crate) struct SignInState {
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

impl SignInState {
    /// Locks the user until the transaction ends, and reads their state. `None`: there is no such user, the user is
    /// disabled, or the account is not active.
    pub(crate) fn lock_active(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Option<Self>> {
        let user = users::lock_active(conn, account, user)?;
        user.map_or(Ok(None), |user| Self::of(conn, user))
    }

    /// Reads the state without a lock: check again before anything that depends on it is written.
    pub(crate) fn read_active(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Option<Self>> {
        let user = users::active(conn, account, user)?;
        user.map_or(Ok(None), |user| Self::of(conn, user))
    }

    /// What the account has decided is read in one statement, so that nobody is judged by a mixture of old and new. The
    /// user's lock protects the user and the device. The forbidden words of the policy are read afterwards, since there
    /// may be many: if the policy has changed meanwhile, everything is read again.
    fn of(conn: &mut Conn, user: User) -> Result<Option<Self>> {
        for _ in 0..TRIES {
            let facts = sign_in_facts::of_user(conn, user.account_id, user.id)?
                .ok_or_else(|| Error::Internal(format!("user {} has no account", user.id)))?;
            if !facts.account.lets_in() {
                return Ok(None);
            }
            let applied = Policies::reaching(user.id, &facts)?.applied_to(user.id, &facts.held)?;
            let has_words = facts.with_words.contains(&applied.policy.id);
            let applied = if has_words { applied.with_words(conn)? } else { Some(applied) };
            let Some(applied) = applied else { continue };
            let SignInFacts { account, mode, listed, held: permissions, .. } = facts;
            let policy_asks = mode.asks(mode.has_list() && listed);
            let device = authenticators::of_user(conn, account.id, user.id)?;
            return Ok(Some(Self { account, user, policy_asks, device, permissions, applied }));
        }
        Err(Error::Overloaded)
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

    /// What the user signs in with: the password alone, or a second factor too.
    pub(crate) fn sign_in(&self) -> SignIn {
        match self.second_factor() {
            SecondFactorDemand::Nothing => SignIn::PasswordOnly,
            SecondFactorDemand::Enrollment | SecondFactorDemand::Code => SignIn::WithSecondFactor,
        }
    }

    /// What the user must do besides the password. `judged`: what is known of the password that was typed.
    ///
    /// # Errors
    /// Those of [`Self::reasons_for_change`].
    pub(crate) fn demands(&self, judged: &JudgedPassword, now: Time) -> Result<Demands> {
        let password_change = !self.reasons_for_change(judged, now)?.is_empty();
        Ok(Demands { second_factor: self.second_factor(), password_change })
    }

    /// Why the user must choose a new password; empty: no reason.
    ///
    /// # Errors
    /// [`Error::ChallengeInvalid`] when this is unknown: the policy checks passwords at sign-in, this one was judged by
    /// other criteria, and is not certainly bad. Signing in again resolves it.
    pub(crate) fn reasons_for_change(&self, judged: &JudgedPassword, now: Time) -> Result<Vec<FieldError>> {
        let mut reasons = self.applied.reasons_for_any(&self.user, now);
        if self.applied.checks_at_login() {
            reasons.extend(self.applied.reasons_for_this(&judged.shortcomings, self.sign_in()));
            let by_this = judged.by == Some(Measure::of(self).digest());
            if reasons.is_empty() && !by_this {
                return Err(Error::ChallengeInvalid);
            }
        }
        Ok(reasons)
    }

    /// The user as the API shows them.
    pub(crate) fn view(&self, now: Time) -> UserView {
        let device = self.device.as_ref().map(|device| device.by_choice);
        let password = self.applied.view(&self.user, now);
        view_of(&self.user, &self.permissions, self.policy_asks, device, password)
    }
}
