//! Reads a password policy.

use std::sync::Arc;

use kernel::{AccountId, PasswordPolicyId};
use store::tables::policies::password_policies;

use super::view::{PasswordPolicyView, view};
use crate::base::{
    error::{Error, Result},
    service::Service,
};

impl Service {
    /// The policy of this account.
    pub async fn read_password_policy(
        &self,
        account: AccountId,
        policy: PasswordPolicyId,
    ) -> Result<PasswordPolicyView> {
        let core = Arc::clone(&self.core);
        self.store
            .read(move |conn| {
                let stored = password_policies::by_id(conn, account, policy)?.ok_or(Error::NotFound)?;
                view(conn, &core, account, stored)
            })
            .await
    }
}
