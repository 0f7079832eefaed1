//! Whether a new password will do, and what happens when it does. Every new password of every user passes here.

use breach::Known;
use kernel::{SessionId, Time};
use password_policy::{Context, Failure, Password, PasswordHash, Rules, SignIn, check};
use store::{
    Conn,
    tables::{
        activations, challenges, imported_users, password_history, sessions,
        users::{self, User},
    },
};

use super::Standing;
use crate::{
    Error, FieldError, Result,
    audit::{Action, Journal, by_service},
    service::{Core, Service},
};

/// A new password that was found good, for a user who stood in a certain way when it was looked at.
pub(crate) struct GoodPassword {
    password: Password,
    hash: PasswordHash,
    code: Option<String>,
    judged_by: Judge,
    /// Whether something that knows of breaches did not answer.
    breaches_unknown: bool,
    /// The user as it was then.
    earlier: User,
}

/// What a judgement rests on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Judge {
    policy: kernel::PasswordPolicyId,
    version: i64,
    sign_in: SignIn,
}

impl Judge {
    fn of(standing: &Standing) -> Self {
        let policy = &standing.applied.policy;
        Self { policy: policy.id, version: policy.version, sign_in: standing.sign_in() }
    }
}

/// A user, and what a new password of this user is compared with.
pub(crate) struct Owner {
    pub(crate) standing: Standing,
    earlier: Vec<String>,
}

impl Owner {
    /// Looks for the earlier passwords that the policy remembers.
    pub(crate) fn of(conn: &mut Conn, standing: Standing) -> Result<Self> {
        let (user, remember) = (&standing.user, standing.applied.policy.policy.remember_last());
        let earlier = password_history::newest(conn, user.account_id, user.id, remember.kept())?;
        Ok(Self { standing, earlier })
    }
}

impl Service {
    /// Checks a new password against all that the policy asks, earlier passwords and known breaches, tells every rule that it
    /// breaks at once, and hashes it.
    /// `code`: the activation code at hand, which cannot become the password.
    ///
    /// # Errors
    /// [`Error::PasswordRefused`].
    pub(crate) async fn accept_password(
        &self,
        owner: Owner,
        password: Password,
        code: Option<String>,
    ) -> Result<GoodPassword> {
        let Owner { standing, earlier } = owner;
        let mut failures = failures(&self.core, &standing, &password, code.as_deref());
        if self.is_reused(standing.user.password_hash.iter().chain(&earlier), &password).await? {
            failures.push(Failure::Reused);
        }
        let breached = self.breaches.know(password.expose()).await;
        if breached == Known::Yes {
            failures.push(Failure::Breached);
        }
        if !failures.is_empty() {
            return Err(refused(&failures));
        }
        let hash = self.hashing.hash(password.clone()).await?;
        // Who cannot be asked knows nothing: a password is not refused for that. It is written down.
        let breaches_unknown = breached == Known::Unanswered;
        let judged_by = Judge::of(&standing);
        Ok(GoodPassword { password, hash, code, judged_by, breaches_unknown, earlier: standing.user })
    }

    async fn is_reused(&self, hashes: impl Iterator<Item = &String>, password: &Password) -> Result<bool> {
        let hashes: std::result::Result<Vec<_>, _> = hashes.map(|text| PasswordHash::parse(text)).collect();
        let hashes = hashes.map_err(|why| Error::Internal(format!("a password hash: {why}")))?;
        if hashes.is_empty() { Ok(false) } else { self.hashing.is_reused(password.clone(), hashes).await }
    }
}

impl GoodPassword {
    /// Whether the user still has the password that this one was compared with.
    pub(crate) fn follows(&self, standing: &Standing) -> bool {
        standing.user.has_password_of(&self.earlier)
    }

    /// Makes this the password of the user, who is locked (the caller records whose doing that is): the one until now becomes an earlier one, and all logins,
    /// activation codes and sessions of the user end but `keep`.
    ///
    /// # Errors
    /// [`Error::PasswordRefused`] when the policy has changed since the password was looked at, and does not accept it.
    pub(crate) fn set(
        &self,
        conn: &mut Conn,
        audit: &mut Journal,
        core: &Core,
        standing: &Standing,
        keep: Option<SessionId>,
        now: Time,
    ) -> Result<()> {
        if Judge::of(standing) != self.judged_by {
            let failures = failures(core, standing, &self.password, self.code.as_deref());
            if !failures.is_empty() {
                return Err(refused(&failures));
            }
        }
        let (account, user) = (standing.account.id, &standing.user);
        if let Some(hash) = &user.password_hash {
            password_history::add(conn, account, user.id, hash, user.password_changed_at)?;
            let kept = standing.applied.policy.policy.remember_last().kept();
            password_history::trim(conn, account, user.id, kept)?;
        }
        users::set_password(conn, account, user.id, self.hash.as_str(), now)?;
        imported_users::set_own_password(conn, account, user.id)?;
        activations::delete_of_user(conn, account, user.id)?;
        sessions::end_all(conn, account, user.id, keep)?;
        challenges::revoke_open(conn, account, user.id)?;
        if self.breaches_unknown {
            audit.record(account, by_service(Action::BreachesUnknown).on(user));
        }
        Ok(())
    }
}

/// The rules that a password of this user breaks, as far as they need neither hashes nor the network.
pub(crate) fn failures(core: &Core, standing: &Standing, password: &Password, code: Option<&str>) -> Vec<Failure> {
    let context = standing.applied.context(core, &standing.account, &standing.user, code);
    check(password, standing.applied.rules(standing.sign_in()), &context)
}

/// What a new password of this user is measured against, but for hashes.
pub(crate) fn rules_and_context(core: &Core, standing: &Standing) -> (Rules, Context) {
    let context = standing.applied.context(core, &standing.account, &standing.user, None);
    (standing.applied.rules(standing.sign_in()), context)
}

/// The error that tells every rule that a password breaks.
fn refused(failures: &[Failure]) -> Error {
    let errors = failures.iter().map(|failure| FieldError {
        pointer: "/new_password".to_owned(),
        code: failure.code(),
        message: failure.to_string(),
    });
    Error::PasswordRefused(errors.collect())
}
