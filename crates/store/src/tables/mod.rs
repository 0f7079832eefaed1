//! One file per table: its record, and every query on it. Rows stay in here; what comes out are domain types.
//!
//! Locks are taken in one order, account before user before API key: whoever changes what a sign-in depends on locks the
//! user, whoever changes who administers an account locks the account, and whoever acts by an API key locks the key. Who
//! changes how many users there are writes the account's row of `user_quotas` after these. Last of all comes the head of the
//! account's chain of events.

pub mod account_rows;
pub mod accounts;
pub mod activations;
pub mod address_authors;
pub mod api_key_permissions;
pub mod api_key_secrets;
pub mod api_keys;
pub mod application_permissions;
pub mod audit_events;
pub mod audit_heads;
mod audit_targets;
pub mod authenticators;
pub mod authority;
pub mod bulk_job_users;
pub mod bulk_jobs;
pub mod bulk_queues;
pub mod challenges;
pub mod idempotency_keys;
pub mod imported_users;
pub mod known_factors;
pub mod known_sources;
pub mod lease;
pub mod outbox;
pub mod password_counts;
pub mod password_history;
pub mod password_history_trims;
pub mod password_policies;
pub mod password_policy_permissions;
pub mod password_policy_roles;
pub mod password_policy_users;
mod password_policy_words;
pub mod password_reach;
pub mod permission_holders;
pub mod recovery_codes;
pub mod refresh_tokens;
pub mod role_permissions;
pub mod roles;
pub mod sessions;
pub mod sign_in_facts;
pub mod signing_keys;
mod some_rows;
pub(crate) mod statement;
pub mod throttles;
pub mod two_factor_counts;
pub mod two_factor_days;
pub mod two_factor_due;
pub mod two_factor_policies;
pub mod two_factor_policy_users;
pub mod user_import_batches;
pub mod user_import_errors;
mod user_import_keys;
pub mod user_import_queue;
pub mod user_imports;
pub mod user_list;
pub mod user_names;
pub mod user_permissions;
pub mod user_quotas;
pub mod user_roles;
pub mod users;

use std::fmt::Display;

use kernel::{AccountId, ApiKeyId, UserId, entity};

use crate::{StoreError, sql_types::SqlId};

/// Who did something that is looked at again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The user, or who answered for the API key: account and user.
    pub user: (AccountId, UserId),
    /// The API key: account and key. `None`: the user in a session.
    pub api_key: Option<(AccountId, ApiKeyId)>,
}

/// Two columns that name a thing of an account.
type Columns<T> = (Option<SqlId<entity::Account>>, Option<SqlId<T>>);

impl Author {
    /// The author in these columns, if there is one.
    fn of(user: Columns<entity::User>, api_key: Columns<entity::ApiKey>) -> Option<Self> {
        let user = user.0.zip(user.1).map(|(account, user)| (account.into(), user.into()))?;
        let api_key = api_key.0.zip(api_key.1).map(|(account, key)| (account.into(), key.into()));
        Some(Self { user, api_key })
    }
}

/// A value that no version of this program writes.
fn inconsistent(table: &'static str, column: &'static str, id: impl Display) -> StoreError {
    StoreError::Inconsistent { table, column, id: id.to_string() }
}

/// A digest of 32 bytes, as every table with one keeps it.
fn digest(bytes: &[u8], table: &'static str) -> crate::Result<[u8; 32]> {
    bytes.try_into().map_err(|_| inconsistent(table, "digest", "(unnamed)"))
}
