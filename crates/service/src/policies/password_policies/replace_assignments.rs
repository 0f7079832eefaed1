//! Replaces the assignments of a password policy.

use kernel::{AccountId, PasswordPolicyId};
use store::{
    Conn, StoreError,
    tables::policies::{
        password_policies::{self, StoredPolicy},
        password_policy_permissions, password_policy_roles, password_policy_users,
    },
};

use super::{
    assignments::{AssignmentsDraft, AssignmentsView, MAX_USERS, assignments_of},
    create::PRIORITY,
    history,
};
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
        registered::must_be_registered,
        role_ids::roles_of_account,
    },
    base::{
        audit::{Action, names_of},
        error::{Error, FieldError, Result},
        model::{UserList, Versioned},
        permission_names::parse_permissions,
        service::Service,
    },
};
use permissions::{PasswordManagement, Permission};

/// Roles and permissions that the policies of an account are assigned to, counted once for each policy: lists and
/// reports evaluate each of them for every user.
const MAX_REACHES: usize = 100;

const PRIORITIES: std::ops::RangeInclusive<u16> = 0..=1_000;

impl Service {
    /// Assigns the policy to these users, to everybody who has one of these roles or holds one of these permissions,
    /// and to nobody else. `if_version`: the version of the policy that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`] names unknown users, roles and permissions; [`Error::PreconditionFailed`];
    /// [`Error::Conflict`] when the policies of the account are assigned to too many roles and permissions.
    pub async fn replace_password_policy_assignments(
        &self,
        by: &Allowed<PasswordManagement>,
        policy: PasswordPolicyId,
        draft: &AssignmentsDraft,
        if_version: Option<i64>,
    ) -> Result<Versioned<AssignmentsView>> {
        let users = UserList::parse(&draft.user_ids)?;
        let permissions = parse_permissions(&draft.permissions).map_err(Error::Validation)?;
        let priority = priority(draft.priority)?;
        if draft.user_ids.len() > MAX_USERS {
            let why = format!("must have at most {MAX_USERS} users; use a role for more");
            return Err(Error::field("/user_ids", "too_many", why));
        }
        let role_ids = draft.role_ids.clone();
        self.act(by, Lock::Account, move |Acting { tx, by, .. }, account| {
            let account = account.id;
            let stored = password_policies::by_id(tx.conn, account, policy)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != stored.version) {
                return Err(Error::PreconditionFailed);
            }
            let users = users.of_account(tx.conn, account)?;
            let roles: Vec<_> = roles_of_account(tx.conn, account, &role_ids)?.into_iter().collect();
            must_be_registered(tx.conn, &permissions)?;
            let most_before = history::most_remembered(tx.conn, account)?;
            if !password_policies::replace(tx.conn, &StoredPolicy { priority, updated_at: tx.now, ..stored.clone() })? {
                return Err(Error::PreconditionFailed);
            }
            password_policy_users::replace(tx.conn, account, policy, &users).map_err(|why| match why {
                StoreError::ForeignKeyViolation => {
                    Error::Conflict("a user in the list was just deleted; try again".to_owned())
                }
                other => other.into(),
            })?;
            let assigned = by.did(Action::PasswordPolicyAssigned).on(&stored);
            let assigned = assigned.with_change("priority", stored.priority, priority);
            let assigned = assigned.with_list("user_ids", users.iter().map(ToString::to_string));
            let assigned = assigned.with_list("role_ids", roles.iter().map(ToString::to_string));
            tx.record(account, assigned.with_list("permissions", names_of(&permissions)));
            password_policy_roles::replace(tx.conn, account, policy, &roles)?;
            let names: Vec<_> = permissions.iter().map(Permission::as_str).collect();
            password_policy_permissions::replace(tx.conn, account, policy, &names)?;
            bounded(tx.conn, account)?;
            history::trim_later(tx.conn, account, most_before, tx.now)?;
            assignments_of(tx.conn, account, policy)
        })
        .await
    }
}

/// Checks that the account's policies are assigned to no more than `MAX_REACHES` roles and permissions.
fn bounded(conn: &mut Conn, account: AccountId) -> Result<()> {
    let roles = password_policy_roles::count(conn, account)?;
    let permissions = password_policy_permissions::of_account(conn, account)?.len();
    if roles.saturating_add(permissions) > MAX_REACHES {
        let why = format!(
            "the policies of an account can be assigned to at most {MAX_REACHES} roles and permissions in total"
        );
        return Err(Error::Conflict(why));
    }
    Ok(())
}

fn priority(wanted: Option<i64>) -> Result<u16> {
    let priority = wanted.map_or(Some(PRIORITY), |number| u16::try_from(number).ok());
    priority.filter(|number| PRIORITIES.contains(number)).ok_or_else(|| {
        let (code, message) = ("out_of_range", "must be from 0 to 1000".to_owned());
        Error::Validation(vec![FieldError { pointer: "/priority".to_owned(), code, message }])
    })
}
