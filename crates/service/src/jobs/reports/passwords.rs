//! Reports the ages of passwords under the policies that apply.

use std::collections::HashMap;

use chrono::TimeDelta;
use kernel::{PasswordPolicyId, Time};
use permissions::{AccountSettings, OneOf, PasswordManagement};
use store::tables::{
    directory::accounts,
    jobs::password_counts::{self, Alike, Standing, Windows},
    policies::{password_policies::StoredPolicy, password_reach::ByPolicy},
};

use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
    policies::password_policies::by_policy,
};

/// Within how many days a password expires, for each of the windows after that of expired ones.
const WITHIN_DAYS: [i64; 3] = [7, 14, 30];

/// The state of the account's passwords. Disabled users are not counted.
#[derive(Clone, Debug)]
pub struct PasswordReport {
    /// The time of the report.
    pub as_of: Time,
    /// All users.
    pub total: PasswordCounts,
    /// The users to whom each policy applies, the oldest policy first.
    pub by_policy: Vec<PolicyCounts>,
}

/// The users to whom one policy applies.
#[derive(Clone, Debug)]
pub struct PolicyCounts {
    /// The policy.
    pub policy_id: PasswordPolicyId,
    /// Its name.
    pub name: String,
    /// Whether it is the account's default.
    pub is_default: bool,
    /// After how many days it makes passwords expire; `None`: never.
    pub expires_after_days: Option<u16>,
    /// Its users.
    pub counts: PasswordCounts,
}

/// Numbers of users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PasswordCounts {
    /// All of them: the sum of `fine`, `within_30_days`, `expired`, `change_required` and `not_set`.
    pub users: i64,
    /// The password can be used, and does not expire within 30 days.
    pub fine: i64,
    /// It expires within 7 days.
    pub within_7_days: i64,
    /// It expires within 14 days, including those within 7.
    pub within_14_days: i64,
    /// It expires within 30 days, including those within 14.
    pub within_30_days: i64,
    /// It has expired.
    pub expired: i64,
    /// It must be changed at the next sign-in, because an administrator requires it.
    pub change_required: i64,
    /// There is none yet.
    pub not_set: i64,
    /// It was imported with the user, and not changed since. Counted in addition to one of the others.
    pub never_changed: i64,
}

impl Service {
    /// The state of the account's passwords.
    ///
    /// # Errors
    /// [`Error::NotFound`]: there is no such account.
    pub async fn report_passwords(
        &self,
        by: &Allowed<OneOf<AccountSettings, PasswordManagement>>,
    ) -> Result<PasswordReport> {
        let account = by.account_id();
        let now = self.core.now();
        self.store
            .read_much(account, move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let policies = by_policy(conn, account)?;
                let windows = policies.map(|policy| windows(policy, now));
                let parts = password_counts::of_active(conn, account, &windows)?;
                let mut by_policy: HashMap<PasswordPolicyId, PolicyCounts> = HashMap::new();
                for policy in policies.assigned.iter().map(|(_, policy)| policy).chain([&policies.default]) {
                    by_policy.entry(policy.id).or_insert_with(|| nobody(policy));
                }
                let mut total = PasswordCounts::default();
                for part in &parts {
                    total.add(part);
                    if let Some(policy) = policy_of(&policies, part).and_then(|policy| by_policy.get_mut(&policy.id)) {
                        policy.counts.add(part);
                    }
                }
                let mut by_policy: Vec<_> = by_policy.into_values().collect();
                by_policy.sort_by_key(|policy| policy.policy_id);
                Ok(PasswordReport { as_of: now, total, by_policy })
            })
            .await
    }
}

/// What has expired at `now`, and then what expires within each number of days and not within the one before.
fn windows(policy: &StoredPolicy, now: Time) -> Windows {
    let Some(expiry) = policy.expiry else { return Windows::new() };
    let limits = WITHIN_DAYS.map(|days| now + TimeDelta::days(days));
    let from = [None, Some(now)].into_iter().chain(limits.map(Some));
    from.zip([now].into_iter().chain(limits)).map(|(after, until)| expiry.expiring(after, Some(until))).collect()
}

fn nobody(policy: &StoredPolicy) -> PolicyCounts {
    PolicyCounts {
        policy_id: policy.id,
        name: policy.policy.name().to_owned(),
        is_default: policy.is_default,
        expires_after_days: policy.policy.expiry().after_days(),
        counts: PasswordCounts::default(),
    }
}

fn policy_of<'a, T>(policies: &'a ByPolicy<T>, part: &Alike) -> Option<&'a T> {
    match part.policy {
        None => Some(&policies.default),
        Some(at) => policies.assigned.get(at).map(|(_, policy)| policy),
    }
}

impl PasswordCounts {
    fn add(&mut self, part: &Alike) {
        let count = |counter: &mut i64| *counter = counter.saturating_add(part.count);
        if part.standing == Standing::NeverChanged {
            return count(&mut self.never_changed);
        }
        count(&mut self.users);
        match part.standing {
            Standing::NotSet => count(&mut self.not_set),
            Standing::ChangeRequired => count(&mut self.change_required),
            Standing::Expires(0) => count(&mut self.expired),
            Standing::Expires(window) => {
                for (counter, within) in
                    [(&mut self.within_7_days, 1), (&mut self.within_14_days, 2), (&mut self.within_30_days, 3)]
                {
                    if window <= within {
                        count(counter);
                    }
                }
            }
            Standing::Fine => count(&mut self.fine),
            Standing::NeverChanged => {}
        }
    }
}
