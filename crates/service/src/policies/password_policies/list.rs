//! Lists the password policies of an account.

use std::sync::Arc;

use kernel::PasswordPolicyId;
use permissions::PasswordManagement;
use store::tables::policies::password_policies;

use super::{
    conformance::surroundings,
    view::{PasswordPolicyView, view_in},
};
use crate::{
    authority::allowed::Allowed,
    base::{error::Result, model::Page, service::Service},
};

impl Service {
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
                let views = rest.map(|stored| view_in(stored, surroundings)).collect();
                Ok(Page::of(views, limit.into(), |view| view.id))
            })
            .await
    }
}
