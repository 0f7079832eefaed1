//! Reads the assignments of a password policy.

use kernel::{AccountId, PasswordPolicyId};

use super::assignments::{AssignmentsView, assignments_of};
use crate::base::{error::Result, service::Service};

impl Service {
    /// The assignments of the policy.
    pub async fn read_password_policy_assignments(
        &self,
        account: AccountId,
        policy: PasswordPolicyId,
    ) -> Result<AssignmentsView> {
        self.store.read(move |conn| assignments_of(conn, account, policy)).await
    }
}
