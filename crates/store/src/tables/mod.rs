//! One file per table: its record, and every query on it. Rows stay in here; domain types come out.
//!
//! Locks are taken in one order, account before user before API key: to change what a sign-in depends on, lock the
//! user; to change who administers an account, lock the account; to act through an API key, lock the key. To change how
//! many users there are, write the account's row of `user_quotas` after these. Last of all comes the head of the
//! account's chain of events.

pub mod authority;
pub mod base;
pub mod directory;
pub mod jobs;
pub mod platform;
pub mod policies;
pub mod sign_in;

use std::fmt::Display;

use kernel::{AccountId, ApiKeyId, UserId, entity};

use crate::{StoreError, sql_types::SqlId};

/// The author of something that is checked again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The user, or the user responsible for the API key: account and user.
    pub user: (AccountId, UserId),
    /// The API key: account and key. `None`: the user in a session.
    pub api_key: Option<(AccountId, ApiKeyId)>,
}

/// Two columns that name something of an account.
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

/// A digest of 32 bytes, as every table with one stores it.
fn digest(bytes: &[u8], table: &'static str) -> crate::Result<[u8; 32]> {
    bytes.try_into().map_err(|_| inconsistent(table, "digest", "(unnamed)"))
}
