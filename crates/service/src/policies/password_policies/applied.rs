//! Decides which policy applies to a user, and what it means for their password.

use std::{collections::HashMap, sync::Arc};

use kernel::{AccountId, PasswordPolicyId, Time, UserId};
use password_policy::{
    Applied, ApplyToExisting, Assignment, Context, ContextSource, REMINDER_DAYS, Rules, Shortcomings, SignIn, Via,
    applied,
};
use permissions::PermissionSet;
use store::{
    Conn,
    tables::{
        directory::{accounts::Account, users::User},
        policies::{
            password_policies::{self, StoredPolicy},
            password_policy_permissions, password_policy_roles, password_policy_users,
        },
        sign_in::sign_in_facts::SignInFacts,
    },
};

use super::PasswordView;
use crate::base::{
    error::{Error, FieldError, Result},
    service::Core,
};

/// The policies of an account, and which of them reach some users.
pub(crate) struct Policies {
    all: Vec<Arc<StoredPolicy>>,
    default: usize,
    by_user: HashMap<UserId, Vec<usize>>,
    by_role: HashMap<UserId, Vec<(usize, String)>>,
    by_permission: Vec<(usize, String)>,
}

/// A policy that applies to a user.
#[derive(Clone, Debug)]
pub(crate) struct AppliedPolicy {
    pub(crate) policy: Arc<StoredPolicy>,
    /// Why it applies, in a sentence.
    pub(crate) reason: String,
}

impl Policies {
    /// The policies that reach this user, as read together with what the user holds.
    pub(crate) fn reaching(user: UserId, facts: &SignInFacts) -> Result<Self> {
        let all: Vec<_> = facts.policies.iter().cloned().map(Arc::new).collect();
        let default = default_among(&all, facts.account.id)?;
        let place = places(&all);
        let at = |policy: &PasswordPolicyId| place.get(policy).copied();
        let named = |(policy, name): &(PasswordPolicyId, String)| Some((at(policy)?, name.clone()));
        Ok(Self {
            default,
            by_user: HashMap::from([(user, facts.to_user.iter().filter_map(at).collect())]),
            by_role: HashMap::from([(user, facts.to_roles.iter().filter_map(named).collect())]),
            by_permission: facts.to_permissions.iter().filter_map(named).collect(),
            all,
        })
    }

    /// Reads what reaches `users` in several statements: the caller reads from one snapshot, or has locked the account.
    /// The policies come without their forbidden words: see [`AppliedPolicy::with_words`].
    pub(crate) fn of(conn: &mut Conn, account: AccountId, users: &[UserId]) -> Result<Self> {
        let all = password_policies::rules_of_account(conn, account)?.into_iter().map(Arc::new).collect();
        Self::among(conn, account, users, all)
    }

    /// The same with `all` as the policies of the account, instead of those in the database.
    pub(super) fn among(
        conn: &mut Conn,
        account: AccountId,
        users: &[UserId],
        all: Vec<Arc<StoredPolicy>>,
    ) -> Result<Self> {
        let default = default_among(&all, account)?;
        let mut policies =
            Self { all, default, by_user: HashMap::new(), by_role: HashMap::new(), by_permission: Vec::new() };
        // Most accounts have one policy: nothing can be assigned then.
        if policies.all.len() > 1 {
            let place = places(&policies.all);
            for (user, policy) in password_policy_users::of_users(conn, account, users)? {
                policies.by_user.entry(user).or_default().extend(place.get(&policy));
            }
            for reached in password_policy_roles::of_users(conn, account, users)? {
                let Some(at) = place.get(&reached.policy) else { continue };
                policies.by_role.entry(reached.user).or_default().push((*at, reached.role_name));
            }
            let by_permission = password_policy_permissions::of_account(conn, account)?;
            policies.by_permission =
                by_permission.into_iter().filter_map(|(policy, name)| Some((*place.get(&policy)?, name))).collect();
        }
        Ok(policies)
    }

    /// The policy that applies to a user who holds these permissions, and why.
    pub(crate) fn applied_to(&self, user: UserId, held: &PermissionSet) -> Result<AppliedPolicy> {
        let applied = self.decide(user, held);
        Ok(AppliedPolicy { policy: Arc::clone(self.at(applied.policy())?), reason: applied.to_string() })
    }

    /// The policy alone.
    pub(super) fn policy_of(&self, user: UserId, held: &PermissionSet) -> Result<&Arc<StoredPolicy>> {
        self.at(self.decide(user, held).policy())
    }

    fn decide(&self, user: UserId, held: &PermissionSet) -> Applied<'_, usize> {
        let by_user = self.by_user.get(&user).into_iter().flatten().map(|at| (*at, Via::User));
        let by_role = self.by_role.get(&user).into_iter().flatten().map(|(at, name)| (*at, Via::Role(name)));
        let by_permission = self.by_permission.iter().filter_map(|(at, name)| {
            held.iter().any(|permission| permission.as_str() == name).then_some((*at, Via::Permission(name)))
        });
        let assignments: Vec<Assignment<'_, usize>> = by_user
            .chain(by_role)
            .chain(by_permission)
            .filter_map(|(at, via)| {
                let stored = self.all.get(at)?;
                Some(Assignment { policy: at, policy_name: stored.policy.name(), via, priority: stored.priority })
            })
            .collect();
        applied(&assignments, self.default)
    }

    fn at(&self, place: usize) -> Result<&Arc<StoredPolicy>> {
        self.all.get(place).ok_or_else(|| Error::Internal("a password policy got lost".to_owned()))
    }
}

impl AppliedPolicy {
    /// The same with the words that the policy forbids, to check a password; `None`: the policy has changed since it
    /// was found to apply.
    pub(crate) fn with_words(self, conn: &mut Conn) -> Result<Option<Self>> {
        let policy = password_policies::by_id(conn, self.policy.account_id, self.policy.id)?;
        let same = policy.filter(|policy| policy.version == self.policy.version);
        Ok(same.map(|policy| Self { policy: Arc::new(policy), ..self }))
    }

    /// What a new password must have.
    pub(crate) fn rules(&self, sign_in: SignIn) -> Rules {
        self.policy.policy.strength().rules(sign_in)
    }

    /// What a new password of this user is compared with; `code`: the activation code in use.
    pub(crate) fn context(&self, core: &Core, account: &Account, user: &User, code: Option<&str>) -> Context {
        let texts = [
            (ContextSource::Account, Some(account.slug.as_str())),
            (ContextSource::Account, Some(account.name.as_str())),
            (ContextSource::Username, Some(user.username.as_str())),
            (ContextSource::Username, user.display_name.as_deref()),
            (ContextSource::Email, user.email.as_deref()),
            (ContextSource::Product, Some(core.settings.product_name.as_str())),
            (ContextSource::Forbidden, code),
        ];
        let texts = texts.into_iter().filter_map(|(source, text)| Some((source, text?)));
        Context::new(texts).with_forbidden(core.prepared_words.of(&self.policy))
    }

    /// Whether passwords are checked at sign-in.
    pub(crate) fn checks_at_login(&self) -> bool {
        self.policy.policy.apply_to_existing() == ApplyToExisting::AtNextLogin
    }

    /// When the user's password expires; `None`: never, or there is none.
    pub(crate) fn expires_at(&self, user: &User) -> Option<Time> {
        expires_at(&self.policy, user)
    }

    /// The state of the user's password.
    pub(crate) fn view(&self, user: &User, now: Time) -> PasswordView {
        let expires_at = self.expires_at(user);
        let soon = chrono::TimeDelta::days(REMINDER_DAYS.into_iter().max().unwrap_or_default().into());
        let status = match (&user.password_hash, user.password_change_required, expires_at) {
            (None, ..) => "not_set",
            (Some(_), true, _) => "change_required",
            (Some(_), false, Some(moment)) if moment <= now => "expired",
            (Some(_), false, Some(moment)) if moment <= now + soon => "expiring",
            (Some(_), false, _) => "valid",
        };
        PasswordView {
            status: status.to_owned(),
            expires_at,
            policy_id: self.policy.id,
            policy_reason: self.reason.clone(),
        }
    }

    /// Why the user must choose a new password, whatever the current one is; empty: no reason.
    pub(crate) fn reasons_for_any(&self, user: &User, now: Time) -> Vec<FieldError> {
        let required = user
            .password_change_required
            .then(|| reason("change_required", "An administrator requires a new password.".to_owned()));
        let expired = self
            .expires_at(user)
            .filter(|moment| *moment <= now)
            .map(|_| reason("expired", "The password has expired: choose a new one.".to_owned()));
        required.into_iter().chain(expired).collect()
    }

    /// What is certainly wrong with the password that was typed. Its `shortcomings` may have been found under another
    /// policy.
    pub(crate) fn reasons_for_this(&self, shortcomings: &Shortcomings, sign_in: SignIn) -> Vec<FieldError> {
        let failures = shortcomings.under(self.rules(sign_in), !self.policy.policy.forbidden_words().is_empty());
        failures.iter().map(|failure| reason(failure.code(), failure.to_string())).collect()
    }
}

fn reason(code: &'static str, message: String) -> FieldError {
    FieldError { pointer: "/new_password".to_owned(), code, message }
}

/// The position of the default among the policies of an account.
fn default_among(all: &[Arc<StoredPolicy>], account: AccountId) -> Result<usize> {
    let default = all.iter().position(|stored| stored.is_default);
    default.ok_or_else(|| Error::Internal(format!("account {account} has no password policy")))
}

/// The position of each of these policies.
fn places(all: &[Arc<StoredPolicy>]) -> HashMap<PasswordPolicyId, usize> {
    all.iter().enumerate().map(|(at, stored)| (stored.id, at)).collect()
}

/// When a user's password expires under a policy; `None`: never, or there is none.
pub(super) fn expires_at(policy: &StoredPolicy, user: &User) -> Option<Time> {
    user.password_hash.as_ref()?;
    let changed_at = user.password_changed_at.unwrap_or(user.created_at);
    policy.expiry.map(|expiry| expiry.expires_at(changed_at, user.id))
}
