//! Deletes a password policy.

use kernel::PasswordPolicyId;
use store::tables::policies::password_policies;

use super::history;
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
    },
    base::{
        audit::Action,
        error::{Error, Result},
        service::Service,
    },
};
use permissions::PasswordManagement;

impl Service {
    /// Deletes the policy with its assignments. Another policy applies to its users from the next step of every login.
    /// `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Conflict`] for the default; [`Error::PreconditionFailed`].
    pub async fn delete_password_policy(
        &self,
        by: &Allowed<PasswordManagement>,
        policy: PasswordPolicyId,
        if_version: Option<i64>,
    ) -> Result<()> {
        self.act(by, Lock::Account, move |Acting { tx, by, .. }, account| {
            let account = account.id;
            let stored = password_policies::by_id(tx.conn, account, policy)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != stored.version) {
                return Err(Error::PreconditionFailed);
            }
            if stored.is_default {
                let why = "the default password policy cannot be deleted; make another one the default first";
                return Err(Error::Conflict(why.to_owned()));
            }
            let most_before = history::most_remembered(tx.conn, account)?;
            if !password_policies::delete(tx.conn, account, policy, stored.version)? {
                return Err(Error::PreconditionFailed);
            }
            history::trim_later(tx.conn, account, most_before, tx.now)?;
            tx.record(account, by.did(Action::PasswordPolicyDeleted).on(&stored));
            Ok(())
        })
        .await
    }
}
