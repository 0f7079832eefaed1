//! Reads a password policy.

use std::sync::Arc;

use kernel::PasswordPolicyId;
use permissions::PasswordManagement;
use store::tables::policies::password_policies;

use super::view::{PasswordPolicyView, view};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

impl Service {
    /// The policy of this account.
    pub async fn read_password_policy(
        &self,
        by: &Allowed<PasswordManagement>,
        policy: PasswordPolicyId,
    ) -> Result<PasswordPolicyView> {
        let account = by.account_id();
        let core = Arc::clone(&self.core);
        self.store
            .read(move |conn| {
                let stored = password_policies::by_id(conn, account, policy)?.ok_or(Error::NotFound)?;
                view(conn, &core, account, stored)
            })
            .await
    }
}
