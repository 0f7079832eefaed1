//! Reads the assignments of a password policy.

use kernel::PasswordPolicyId;
use permissions::PasswordManagement;

use super::assignments::{AssignmentsView, assignments_of};
use crate::{
    authority::allowed::Allowed,
    base::{error::Result, service::Service},
};

impl Service {
    /// The assignments of the policy.
    pub async fn read_password_policy_assignments(
        &self,
        by: &Allowed<PasswordManagement>,
        policy: PasswordPolicyId,
    ) -> Result<AssignmentsView> {
        let account = by.account_id();
        self.store.read(move |conn| assignments_of(conn, account, policy)).await
    }
}
