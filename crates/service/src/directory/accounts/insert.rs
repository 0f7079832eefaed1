//! Inserts an account with its default policies.

use kernel::{Id, OsRandom};
use password_policy::{PasswordPolicy, PolicyDraft, Preset};
use store::{
    Conn, StoreError,
    tables::{
        directory::accounts::{self, Account},
        policies::{
            password_policies::{self, StoredPolicy},
            two_factor_policies::{self, TwoFactorPolicy},
        },
    },
};
use two_factor::Mode;

use crate::{
    base::error::{Error, Result},
    policies::password_policies::PRIORITY,
};

/// Inserts an account with its two-factor policy and its first password policy, which applies to all users.
/// `max_users`: how many users its plan allows.
///
/// # Errors
/// [`Error::Conflict`] when the slug is taken.
pub(crate) fn insert_account(conn: &mut Conn, account: &Account, mode: Mode, max_users: Option<u32>) -> Result<()> {
    accounts::insert(conn, account, max_users).map_err(|why| match why {
        StoreError::UniqueViolation { .. } => {
            Error::Conflict(format!("an account with the slug {} already exists", account.slug))
        }
        other => other.into(),
    })?;
    let policy = TwoFactorPolicy { account_id: account.id, mode, version: 1, updated_at: account.created_at };
    two_factor_policies::insert(conn, &policy)?;
    Ok(password_policies::insert(conn, &first_password_policy(account)?)?)
}

/// At least 8 characters, no expiry, different from the current password. The migration gives the same policy to
/// accounts that existed before there were password policies.
fn first_password_policy(account: &Account) -> Result<StoredPolicy> {
    let draft =
        PolicyDraft { name: "Basic".to_owned(), strength: Preset::Basic.as_str().to_owned(), ..PolicyDraft::default() };
    let policy = PasswordPolicy::new(draft)
        .map_err(|_| Error::Internal("the first password policy of an account is invalid".to_owned()))?;
    Ok(StoredPolicy {
        account_id: account.id,
        id: Id::generate(account.created_at, &mut OsRandom),
        is_default: true,
        policy,
        expiry: None,
        priority: PRIORITY,
        version: 1,
        updated_at: account.created_at,
    })
}
