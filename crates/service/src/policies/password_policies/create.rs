//! Creates a password policy.

use kernel::{AccountId, Id, OsRandom};
use password_policy::Expiry;
use serde::{Deserialize, Serialize};
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
        idempotency::{IdempotencyKey, once},
        model::Actor,
        service::Service,
    },
};
use permissions::Permission;

/// Policies of one account. Each sign-in looks at all of them.
const MAX_POLICIES: usize = 100;

/// The default precedence of a policy among those that reach a user by roles, or by permissions.
pub(crate) const PRIORITY: u16 = 100;

/// The reply, as it is kept for its idempotency key.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: kernel::PasswordPolicyId,
}

impl Service {
    /// Adds a policy. It applies to nobody until it is assigned or made the default.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::Conflict`] when the name is taken or the account has too many.
    pub async fn create_password_policy(
        &self,
        actor: &Actor,
        account: AccountId,
        draft: PasswordPolicyDraft,
        key: Option<IdempotencyKey>,
    ) -> Result<PasswordPolicyView> {
        let PasswordPolicyDraft { policy, is_default } = draft;
        let policy = parse(policy)?;
        let is_default = is_default == Some(true);
        let (core, actor, now) = (std::sync::Arc::clone(&self.core), actor.clone(), self.core.now());
        self.write(move |conn, audit| {
            accounts::lock(conn, account)?;
            still_may(conn, &actor, Needs::In(account, Permission::PasswordManagement), now)?;
            let kept: Kept = once(conn, &core, &actor, key.as_ref(), now, |conn| {
                let all = password_policies::of_account(conn, account)?;
                if all.is_empty() {
                    return Err(Error::NotFound);
                }
                if all.len() >= MAX_POLICIES {
                    return Err(Error::Conflict(format!(
                        "an account can have at most {MAX_POLICIES} password policies"
                    )));
                }
                // The policy that applied until now to the users who get it as the default.
                let before = all.iter().find(|stored| stored.is_default).filter(|_| is_default);
                let stored = StoredPolicy {
                    account_id: account,
                    id: Id::generate(now, &mut OsRandom),
                    is_default,
                    expiry: Expiry::adopt(before.and_then(|stored| stored.expiry), policy.expiry(), now),
                    policy: policy.clone(),
                    priority: PRIORITY,
                    version: 1,
                    updated_at: now,
                };
                let most_before = history::most_remembered(conn, account)?;
                if is_default {
                    password_policies::clear_default(conn, account, now)?;
                }
                password_policies::insert(conn, &stored).map_err(name_taken)?;
                if is_default {
                    history::trim_later(conn, account, most_before, now)?;
                }
                let created = actor.did(Action::PasswordPolicyCreated).on(&stored);
                audit.record(account, with_changes(created, None, &stored));
                Ok(Kept { id: stored.id })
            })?;
            let stored = password_policies::by_id(conn, account, kept.id)?.ok_or(Error::NotFound)?;
            view(conn, &core, account, stored)
        })
        .await
    }
}
