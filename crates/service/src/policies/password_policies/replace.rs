//! Replaces a password policy.

use std::sync::Arc;

use kernel::{AccountId, PasswordPolicyId};
use password_policy::Expiry;
use store::tables::{
    directory::accounts,
    policies::password_policies::{self, StoredPolicy},
};

use super::{
    PasswordPolicyDraft,
    changes::with_changes,
    history, name_taken, parse,
    view::{PasswordPolicyView, view},
};
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
    /// Replaces the contents of the policy with `draft`. They apply from the next step of every login. `if_version`:
    /// the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::PreconditionFailed`]; [`Error::Conflict`] when the name is taken, or when the
    /// account would have no default any more: make another policy the default instead.
    pub async fn replace_password_policy(
        &self,
        actor: &Actor,
        account: AccountId,
        policy: PasswordPolicyId,
        draft: PasswordPolicyDraft,
        if_version: Option<i64>,
    ) -> Result<PasswordPolicyView> {
        let PasswordPolicyDraft { policy: wanted, is_default } = draft;
        let (core, wanted, actor, now) = (Arc::clone(&self.core), parse(wanted)?, actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            // Two administrators at once: the second waits, and then sees what the first has done.
            accounts::lock(conn, account)?;
            still_may(conn, &actor, Needs::In(account, Permission::PasswordManagement), now)?;
            let before = password_policies::by_id(conn, account, policy)?.ok_or(Error::NotFound)?;
            if if_version.is_some_and(|version| version != before.version) {
                return Err(Error::PreconditionFailed);
            }
            let is_default = is_default.unwrap_or(before.is_default);
            if before.is_default && !is_default {
                let why = "an account always has a default password policy; make another one the default instead";
                return Err(Error::Conflict(why.to_owned()));
            }
            let most_before = history::most_remembered(conn, account)?;
            let becomes_default = is_default && !before.is_default;
            if becomes_default {
                password_policies::clear_default(conn, account, now)?;
            }
            let after = StoredPolicy {
                is_default,
                expiry: Expiry::adopt(before.expiry, wanted.expiry(), now),
                policy: wanted.clone(),
                updated_at: now,
                ..before.clone()
            };
            if !password_policies::replace(conn, &after).map_err(name_taken)? {
                return Err(Error::PreconditionFailed);
            }
            let remembers_less = wanted.remember_last().kept() < before.policy.remember_last().kept();
            // Names decide between equal priorities.
            let reaches_others = becomes_default || wanted.name() != before.policy.name();
            if remembers_less || reaches_others {
                history::trim_later(conn, account, most_before, now)?;
            }
            let changed = actor.did(Action::PasswordPolicyChanged).on(&after);
            audit.record(account, with_changes(changed, Some(&before), &after));
            let stored = password_policies::by_id(conn, account, policy)?.ok_or(Error::NotFound)?;
            view(conn, &core, account, stored)
        })
        .await
    }
}
