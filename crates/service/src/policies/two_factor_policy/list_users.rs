//! Lists the users of the two-factor policy, page by page.

use kernel::UserId;
use permissions::AccountSettings;
use store::tables::policies::{two_factor_policies, two_factor_policy_users};

use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        model::{Page, one_more},
        service::Service,
    },
};

/// A page of the list.
pub type PolicyUsersPage = Page<UserId, UserId>;

impl Service {
    /// Up to `limit` ids of the policy's list after `after`.
    pub async fn list_two_factor_policy_users(
        &self,
        by: &Allowed<AccountSettings>,
        after: Option<UserId>,
        limit: u16,
    ) -> Result<PolicyUsersPage> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                two_factor_policies::of_account(conn, account)?.ok_or(Error::NotFound)?;
                let found = two_factor_policy_users::page(conn, account, after, one_more(limit))?;
                Ok(Page::of(found, limit.into(), |id| *id))
            })
            .await
    }
}
