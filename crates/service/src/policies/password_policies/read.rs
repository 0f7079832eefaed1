//! Reads password policies and their assignments.

use std::sync::Arc;

use kernel::PasswordPolicyId;
use permissions::PasswordManagement;
use store::tables::policies::password_policies;

use super::{
    assignments::{AssignmentsView, assignments_of},
    conformance::surroundings,
    view::{PasswordPolicyView, view, view_in},
};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        model::{Page, Versioned},
        service::Service,
    },
};

impl Service {
    /// The policy of this account.
    pub async fn read_password_policy(
        &self,
        by: &Allowed<PasswordManagement>,
        policy: PasswordPolicyId,
    ) -> Result<Versioned<PasswordPolicyView>> {
        let account = by.account_id();
        let core = Arc::clone(&self.core);
        self.store
            .read(move |conn| {
                let stored = password_policies::by_id(conn, account, policy)?.ok_or(Error::NotFound)?;
                view(conn, &core, account, &stored)
            })
            .await
    }

    /// Up to `limit` policies of the account after the one with the id `after`, oldest first.
    pub async fn list_password_policies(
        &self,
        by: &Allowed<PasswordManagement>,
        after: Option<PasswordPolicyId>,
        limit: u16,
    ) -> Result<Page<PasswordPolicyView, PasswordPolicyId>> {
        let account = by.account_id();
        let core = Arc::clone(&self.core);
        self.store
            .read(move |conn| {
                let surroundings = surroundings(conn, &core, account)?;
                // An account has few, so all are read and some are returned.
                let all = password_policies::of_account(conn, account)?;
                let rest = all.into_iter().filter(|stored| after.is_none_or(|after| stored.id > after));
                let views = rest.map(|stored| view_in(&stored, surroundings)).collect();
                Ok(Page::of(views, limit.into(), |view: &PasswordPolicyView| view.id))
            })
            .await
    }

    /// The assignments of the policy.
    pub async fn read_password_policy_assignments(
        &self,
        by: &Allowed<PasswordManagement>,
        policy: PasswordPolicyId,
    ) -> Result<Versioned<AssignmentsView>> {
        let account = by.account_id();
        self.store.read(move |conn| assignments_of(conn, account, policy)).await
    }
}
