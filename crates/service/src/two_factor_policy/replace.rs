//! The switch.

use kernel::AccountId;
use store::tables::{accounts, two_factor_policies, two_factor_policy_users};

use super::{
    draft::PolicyDraft,
    read::{PolicyView, view},
};
use crate::{Error, Result, service::Service};

impl Service {
    /// Makes `draft` the account's policy. It counts from the next step of every login on. `if_version`: the version that
    /// the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`] names unknown modes and users; [`Error::PreconditionFailed`].
    pub async fn replace_two_factor_policy(
        &self,
        account: AccountId,
        draft: &PolicyDraft,
        if_version: Option<i64>,
    ) -> Result<PolicyView> {
        let (draft, now) = (draft.parse()?, self.core.now());
        self.store
            .write(move |conn| {
                // Two administrators at once: the second waits and then sees what the first has done.
                accounts::lock(conn, account)?;
                let policy = two_factor_policies::of_account(conn, account)?.ok_or(Error::NotFound)?;
                if if_version.is_some_and(|version| version != policy.version) {
                    return Err(Error::PreconditionFailed);
                }
                let users = draft.users_of(conn, account)?;
                if !two_factor_policies::replace(conn, account, policy.version, draft.mode, now)? {
                    return Err(Error::PreconditionFailed);
                }
                two_factor_policy_users::replace(conn, account, &users)?;
                let policy = two_factor_policies::of_account(conn, account)?.ok_or(Error::NotFound)?;
                view(conn, policy)
            })
            .await
    }
}
