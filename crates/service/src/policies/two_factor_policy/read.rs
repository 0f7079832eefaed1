//! Reads the two-factor policy.

use kernel::{Time, UserId};
use permissions::AccountSettings;
use store::{
    Conn,
    tables::policies::{
        two_factor_policies::{self, TwoFactorPolicy},
        two_factor_policy_users,
    },
};
use two_factor::Mode;

use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

/// The longest list that a reply contains in full; longer ones are paged.
const MAX_IDS_IN_REPLY: i64 = 1_000;

/// The policy as the API shows it.
#[derive(Clone, Debug)]
pub struct PolicyView {
    /// Which users are asked.
    pub mode: Mode,
    /// The list, for the two modes that have one; `None` also when it is longer than 1,000.
    pub user_ids: Option<Vec<UserId>>,
    /// The length of the list, for the two modes that have one.
    pub user_count: Option<u64>,
    /// When it was last changed.
    pub updated_at: Time,
    /// Grows with every change; for `ETag`.
    pub version: i64,
}

impl Service {
    /// The account's policy.
    pub async fn read_two_factor_policy(&self, by: &Allowed<AccountSettings>) -> Result<PolicyView> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                let policy = two_factor_policies::of_account(conn, account)?.ok_or(Error::NotFound)?;
                view(conn, policy)
            })
            .await
    }
}

/// The view of `policy`.
pub(super) fn view(conn: &mut Conn, policy: TwoFactorPolicy) -> Result<PolicyView> {
    let TwoFactorPolicy { account_id, mode, version, updated_at } = policy;
    let mut view = PolicyView { mode, user_ids: None, user_count: None, updated_at, version };
    if mode.has_list() {
        let count = two_factor_policy_users::count(conn, account_id)?;
        view.user_count = u64::try_from(count).ok();
        if count <= MAX_IDS_IN_REPLY {
            view.user_ids = Some(two_factor_policy_users::page(conn, account_id, None, MAX_IDS_IN_REPLY)?);
        }
    }
    Ok(view)
}
