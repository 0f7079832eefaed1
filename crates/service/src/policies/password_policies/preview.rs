//! Previews the change of a password policy.

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{AccountId, PasswordPolicyId, Time, UserId};
use password_policy::Expiry;
use permissions::{PasswordManagement, PermissionSet};
use serde::Serialize;
use store::{
    Conn,
    tables::{
        directory::{
            user_permissions,
            users::{self, Status, User},
        },
        policies::password_policies::{self, StoredPolicy},
    },
};
use utoipa::ToSchema;

use super::{PasswordPolicyDraft, Policies, applied::expires_at};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

/// Users per query.
const CHUNK: i64 = 5_000;

/// The effect of a change to a password policy, as numbers of users. Disabled users and users without a password are
/// counted only in `applies_to`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PasswordPolicyPreview {
    /// Users to whom the policy would apply.
    #[schema(examples(120))]
    pub applies_to: u64,
    /// Users whose password has already expired and would remain expired.
    #[schema(examples(3))]
    pub expired_already: u64,
    /// Users whose password would expire immediately.
    #[schema(examples(40))]
    pub expire_at_once: u64,
    /// Users whose password would expire within the requested number of days, including immediately.
    #[schema(examples(55))]
    pub expire_within_days: u64,
    /// Users who will certainly have to choose a new password at the next sign-in, because theirs has expired or an
    /// administrator requires a new one.
    #[schema(examples(43))]
    pub change_at_next_login: u64,
    /// Users whose password would be checked at the next sign-in, and must be changed if it fails. How many will fail
    /// is unknown, because only hashes of passwords are stored.
    #[schema(examples(0))]
    pub checked_at_next_login: u64,
}

impl Service {
    /// What `draft` would mean for the users to whom the policy would apply. Changes nothing. The users are read in
    /// chunks, each in its own transaction, so that nobody waits for all of a large account; a user who changes
    /// meanwhile is counted as before or as after the change.
    ///
    /// # Errors
    /// Those of [`Service::replace_password_policy`].
    pub async fn preview_password_policy(
        &self,
        by: &Allowed<PasswordManagement>,
        policy: PasswordPolicyId,
        draft: PasswordPolicyDraft,
        within_days: u16,
    ) -> Result<PasswordPolicyPreview> {
        let account = by.account_id();
        let ((wanted, is_default), now) = (draft.parse()?, self.core.now());
        let soon = now + TimeDelta::days(within_days.into());
        let (today, then) = self
            .store
            .read_much(account, move |conn| {
                let today: Vec<_> = password_policies::of_account(conn, account)?.into_iter().map(Arc::new).collect();
                let before = today.iter().find(|stored| stored.id == policy).ok_or(Error::NotFound)?;
                let is_default = is_default.unwrap_or(before.is_default);
                if before.is_default && !is_default {
                    return Err(Error::Conflict("an account always has a default password policy".to_owned()));
                }
                let after = StoredPolicy {
                    is_default,
                    expiry: Expiry::adopt(before.expiry, wanted.expiry(), now),
                    policy: wanted.clone(),
                    ..StoredPolicy::clone(before)
                };
                let then = with(&today, after);
                Ok((today, then))
            })
            .await?;
        let looking = Arc::new(Looking { account, policy, today, then, moments: (now, soon) });
        let (mut preview, mut after) = (PasswordPolicyPreview::default(), None);
        loop {
            let looking = Arc::clone(&looking);
            let last;
            (preview, last) = self.store.read_much(account, move |conn| looking.chunk(conn, preview, after)).await?;
            if last.is_none() {
                return Ok(preview);
            }
            after = last;
        }
    }
}

/// The policies of the account with this one saved.
fn with(today: &[Arc<StoredPolicy>], after: StoredPolicy) -> Vec<Arc<StoredPolicy>> {
    let after = Arc::new(after);
    let replaced = |stored: &Arc<StoredPolicy>| {
        if stored.id == after.id {
            Arc::clone(&after)
        } else if stored.is_default && after.is_default {
            Arc::new(StoredPolicy { is_default: false, ..StoredPolicy::clone(stored) })
        } else {
            Arc::clone(stored)
        }
    };
    today.iter().map(replaced).collect()
}

/// What a preview compares.
struct Looking {
    account: AccountId,
    policy: PasswordPolicyId,
    /// The policies as they are.
    today: Vec<Arc<StoredPolicy>>,
    /// The policies as they would be.
    then: Vec<Arc<StoredPolicy>>,
    /// The present, and the end of the requested days.
    moments: (Time, Time),
}

impl Looking {
    /// Adds up to `CHUNK` users after the one with the id `after`, and returns the id of the last of them.
    fn chunk(
        &self,
        conn: &mut Conn,
        mut preview: PasswordPolicyPreview,
        after: Option<UserId>,
    ) -> Result<(PasswordPolicyPreview, Option<UserId>)> {
        let nothing = PermissionSet::default();
        let users = users::page(conn, self.account, after, CHUNK)?;
        let ids: Vec<_> = users.iter().map(|user| user.id).collect();
        let held = user_permissions::of_users(conn, self.account, &ids)?;
        let now = Policies::among(conn, self.account, &ids, self.today.clone())?;
        let then = Policies::among(conn, self.account, &ids, self.then.clone())?;
        for user in &users {
            let held = held.get(&user.id).unwrap_or(&nothing);
            let applies = then.policy_of(user.id, held)?;
            if applies.id == self.policy {
                preview.add(user, now.policy_of(user.id, held)?, applies, self.moments);
            }
        }
        Ok((preview, ids.last().copied()))
    }
}

impl PasswordPolicyPreview {
    fn add(&mut self, user: &User, today: &StoredPolicy, then: &StoredPolicy, (now, soon): (Time, Time)) {
        let count = |counter: &mut u64, counts: bool| *counter = counter.saturating_add(u64::from(counts));
        count(&mut self.applies_to, true);
        if user.status != Status::Active || user.password_hash.is_none() {
            return;
        }
        let by = |policy: &StoredPolicy, moment: Time| expires_at(policy, user).is_some_and(|at| at <= moment);
        let (was_expired, expired) = (by(today, now), by(then, now));
        count(&mut self.expired_already, was_expired && expired);
        count(&mut self.expire_at_once, !was_expired && expired);
        count(&mut self.expire_within_days, !was_expired && by(then, soon));
        count(&mut self.change_at_next_login, expired || user.password_change_required);
        let checks = then.policy.apply_to_existing() == password_policy::ApplyToExisting::AtNextLogin;
        count(&mut self.checked_at_next_login, checks);
    }
}
