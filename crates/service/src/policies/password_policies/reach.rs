//! Decides which policy applies to whom, for all users of an account at once.

use std::sync::Arc;

use kernel::AccountId;
use password_policy::{Assignment, Via, sort_by_precedence};
use store::{
    Conn,
    tables::policies::{
        password_policies::{self, StoredPolicy},
        password_policy_permissions, password_policy_roles, password_policy_users,
        password_reach::{ByPolicy, Reach},
    },
};

use crate::base::error::{Error, Result};

/// The policies of the account with all their assignments, in the order of precedence. The rule is that for a single
/// user: see [`password_policy::applied`].
pub(crate) fn by_policy(conn: &mut Conn, account: AccountId) -> Result<ByPolicy<Arc<StoredPolicy>>> {
    let all: Vec<_> = password_policies::rules_of_account(conn, account)?.into_iter().map(Arc::new).collect();
    let default = all.iter().find(|stored| stored.is_default);
    let default = default.ok_or_else(|| Error::Internal(format!("account {account} has no password policy")))?;
    let mut assigned = Vec::new();
    // Most accounts have one policy: nothing can be assigned then.
    if all.len() > 1 {
        let by_permission = password_policy_permissions::of_account(conn, account)?;
        let mut assignments = Vec::new();
        for stored in &all {
            let assignment = |reach, via| Assignment {
                policy: (reach, Arc::clone(stored)),
                policy_name: stored.policy.name(),
                via,
                priority: stored.priority,
            };
            if password_policy_users::is_assigned(conn, account, stored.id)? {
                assignments.push(assignment(Reach::User(stored.id), Via::User));
            }
            if !password_policy_roles::of_policy(conn, account, stored.id)?.is_empty() {
                // The names of the roles do not decide between two policies.
                assignments.push(assignment(Reach::Role(stored.id), Via::Role("")));
            }
            let names = by_permission.iter().filter(|(policy, _)| *policy == stored.id).map(|(_, name)| name);
            assignments.extend(names.map(|name| assignment(Reach::Permission(name.clone()), Via::Permission(name))));
        }
        sort_by_precedence(&mut assignments);
        assigned = assignments.into_iter().map(|assignment| assignment.policy).collect();
    }
    Ok(ByPolicy { assigned, default: Arc::clone(default) })
}
