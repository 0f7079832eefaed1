//! Deletes a password policy.

use kernel::{AccountId, PasswordPolicyId};
use store::tables::{directory::accounts, policies::password_policies};

use super::history;
use crate::{
    authority::acting::{Needs, still_may},
    base::{
        audit::Action,
        error::{Error, Result},
        model::Actor,
        service::Service,
    },
};
use permissions::Permission;

impl Service {
    /// Deletes the policy with its assignments. Another policy applies to its users from the next step of every login.
    /// `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Conflict`] for the default; [`Error::PreconditionFailed`].
    pub async fn delete_password_policy(
        &self,
        actor: &Actor,
        account: AccountId,
        policy: PasswordPolicyId,
        if_version: Option<i64>,
    ) -> Result<()> {
        let (actor, now) = (actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            accounts::lock(conn, account)?;
            still_may(conn, &actor, Needs::In(account, Permission::PasswordManagement), now)?;
            let stored = password_policies::by_id(conn, account, policy)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != stored.version) {
                return Err(Error::PreconditionFailed);
            }
            if stored.is_default {
                let why = "the default password policy cannot be deleted; make another one the default first";
                return Err(Error::Conflict(why.to_owned()));
            }
            let most_before = history::most_remembered(conn, account)?;
            if !password_policies::delete(conn, account, policy, stored.version)? {
                return Err(Error::PreconditionFailed);
            }
            history::trim_later(conn, account, most_before, now)?;
            audit.record(account, actor.did(Action::PasswordPolicyDeleted).on(&stored));
            Ok(())
        })
        .await
    }
}
