//! Creates a password policy.

use kernel::{Id, OsRandom};
use password_policy::Expiry;
use serde::{Deserialize, Serialize};
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
        idempotency::IdempotencyKey,
        model::Versioned,
        service::Service,
    },
};
use permissions::PasswordManagement;

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
        by: &Allowed<PasswordManagement>,
        draft: PasswordPolicyDraft,
        key: Option<IdempotencyKey>,
    ) -> Result<Versioned<PasswordPolicyView>> {
        let (policy, is_default) = draft.parse()?;
        let is_default = is_default == Some(true);
        self.act(by, Lock::Account, move |mut acting, account| {
            let account = account.id;
            let kept: Kept = acting.once(key.as_ref(), |Acting { tx, by, .. }| {
                let all = password_policies::of_account(tx.conn, account)?;
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
                    id: Id::generate(tx.now, &mut OsRandom),
                    is_default,
                    expiry: Expiry::adopt(before.and_then(|stored| stored.expiry), policy.expiry(), tx.now),
                    policy: policy.clone(),
                    priority: PRIORITY,
                    version: 1,
                    updated_at: tx.now,
                };
                let most_before = history::most_remembered(tx.conn, account)?;
                if is_default {
                    password_policies::clear_default(tx.conn, account, tx.now)?;
                }
                password_policies::insert(tx.conn, &stored).map_err(name_taken)?;
                if is_default {
                    history::trim_later(tx.conn, account, most_before, tx.now)?;
                }
                let created = by.did(Action::PasswordPolicyCreated).on(&stored);
                tx.record(account, with_changes(created, None, &stored));
                Ok(Kept { id: stored.id })
            })?;
            let stored = password_policies::by_id(acting.tx.conn, account, kept.id)?.ok_or(Error::NotFound)?;
            view(acting.tx.conn, acting.tx.core, account, &stored)
        })
        .await
    }
}
