//! Replaces a password policy.

use kernel::PasswordPolicyId;
use password_policy::Expiry;
use store::tables::policies::password_policies::{self, StoredPolicy};

use super::{
    PasswordPolicyDraft,
    changes::with_changes,
    history, name_taken,
    view::{PasswordPolicyView, view},
};
use crate::{
    authority::{
        acting::{Acting, Lock},
        allowed::Allowed,
    },
    base::{
        audit::Action,
        error::{Error, Result},
        model::Versioned,
        service::Service,
    },
};
use permissions::PasswordManagement;

impl Service {
    /// Replaces the contents of the policy with `draft`. They apply from the next step of every login. `if_version`:
    /// the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::PreconditionFailed`]; [`Error::Conflict`] when the name is taken, or when the
    /// account would have no default any more: make another policy the default instead.
    pub async fn replace_password_policy(
        &self,
        by: &Allowed<PasswordManagement>,
        policy: PasswordPolicyId,
        draft: PasswordPolicyDraft,
        if_version: Option<i64>,
    ) -> Result<Versioned<PasswordPolicyView>> {
        let (wanted, is_default) = draft.parse()?;
        self.act(by, Lock::Account, move |Acting { tx, by, .. }, account| {
            let account = account.id;
            let before = password_policies::by_id(tx.conn, account, policy)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != before.version) {
                return Err(Error::PreconditionFailed);
            }
            let is_default = is_default.unwrap_or(before.is_default);
            if before.is_default && !is_default {
                let why = "an account always has a default password policy; make another one the default instead";
                return Err(Error::Conflict(why.to_owned()));
            }
            let most_before = history::most_remembered(tx.conn, account)?;
            let becomes_default = is_default && !before.is_default;
            if becomes_default {
                password_policies::clear_default(tx.conn, account, tx.now)?;
            }
            let after = StoredPolicy {
                is_default,
                expiry: Expiry::adopt(before.expiry, wanted.expiry(), tx.now),
                policy: wanted.clone(),
                updated_at: tx.now,
                ..before.clone()
            };
            if !password_policies::replace(tx.conn, &after).map_err(name_taken)? {
                return Err(Error::PreconditionFailed);
            }
            let remembers_less = wanted.remember_last().kept() < before.policy.remember_last().kept();
            // Names decide between equal priorities.
            let reaches_others = becomes_default || wanted.name() != before.policy.name();
            if remembers_less || reaches_others {
                history::trim_later(tx.conn, account, most_before, tx.now)?;
            }
            let changed = by.did(Action::PasswordPolicyChanged).on(&after);
            tx.record(account, with_changes(changed, Some(&before), &after));
            let stored = password_policies::by_id(tx.conn, account, policy)?.ok_or(Error::NotFound)?;
            view(tx.conn, tx.core, account, &stored)
        })
        .await
    }
}
