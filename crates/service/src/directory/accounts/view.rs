//! The view of an account that the API returns.

use kernel::{AccountId, Time};
use serde::{Deserialize, Serialize};
use store::{
    Conn,
    tables::directory::{
        accounts::{self, Account},
        user_quotas::UserQuota,
    },
};

use crate::base::error::{Error, Result};

/// An account as the API returns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// The short name that users type at sign-in; it cannot be changed.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// `active`, `suspended` or `deleting`.
    pub status: String,
    /// Since when it is suspended; kept while it is being deleted.
    pub suspended_at: Option<Time>,
    /// When it will be permanently deleted.
    pub delete_at: Option<Time>,
    /// How many users its plan allows; `None`: unlimited.
    pub max_users: Option<u32>,
    /// How many users it has.
    pub user_count: u32,
    /// Increases with every change of the account; for `ETag`. Adding and deleting users does not change it.
    pub version: i64,
    /// When it was created.
    pub created_at: Time,
}

impl From<(Account, UserQuota)> for AccountView {
    fn from((account, quota): (Account, UserQuota)) -> Self {
        Self {
            id: account.id,
            slug: account.slug,
            name: account.name,
            status: account.status.as_str().to_owned(),
            suspended_at: account.suspended_at,
            delete_at: account.delete_at,
            max_users: quota.max_users,
            user_count: quota.user_count,
            version: account.version,
            created_at: account.created_at,
        }
    }
}

/// The current view of the account.
///
/// # Errors
/// [`Error::NotFound`].
pub(crate) fn view(conn: &mut Conn, account: AccountId) -> Result<AccountView> {
    accounts::with_quota(conn, account)?.map(AccountView::from).ok_or(Error::NotFound)
}
