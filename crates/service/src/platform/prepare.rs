//! What every start makes sure of.

use kernel::{Id, OsRandom};
use store::{
    Conn, StoreError,
    tables::{
        accounts::{self, Account},
        two_factor_policies::{self, TwoFactorPolicy},
        user_names, users,
    },
};
use two_factor::Mode;

use super::PLATFORM_SLUG;
use crate::{Error, Result, service::Service};

/// Makes the platform's account and the first signing key, unless they are there; then loads the keys.
pub(crate) async fn prepare(service: &Service) -> Result<()> {
    let now = service.core.now();
    let made: Result<()> = service
        .store
        .write(move |conn| {
            if accounts::by_slug(conn, PLATFORM_SLUG)?.is_none() {
                let id = Id::generate(now, &mut OsRandom);
                let account =
                    Account { id, slug: PLATFORM_SLUG.to_owned(), name: "Platform".to_owned(), created_at: now };
                insert_account(conn, &account)?;
            }
            Ok(())
        })
        .await;
    match made {
        // Two nodes that start at once: the other one was first.
        Err(Error::Conflict(_)) | Ok(()) => {}
        Err(other) => return Err(other),
    }
    derive_names(service).await?;
    service.make_first_signing_key().await?;
    service.load_signing_keys().await
}

/// Derives from the names of users what a migration has left to be derived. Nothing, but after such a migration.
async fn derive_names(service: &Service) -> Result<()> {
    loop {
        let done: Result<bool> = service
            .store
            .write(|conn| {
                let open = user_names::to_derive(conn, 500)?;
                for (account, user) in &open {
                    if let Some(user) = users::lock(conn, *account, *user)? {
                        user_names::derive_again(conn, &user)?;
                    }
                }
                Ok(open.is_empty())
            })
            .await;
        if done? {
            return Ok(());
        }
    }
}

/// Adds an account with its two-factor policy, which asks nobody.
///
/// # Errors
/// [`Error::Conflict`] when the slug is taken.
pub(crate) fn insert_account(conn: &mut Conn, account: &Account) -> Result<()> {
    accounts::insert(conn, account).map_err(|why| match why {
        StoreError::UniqueViolation { .. } => {
            Error::Conflict(format!("there is an account with the slug {} already", account.slug))
        }
        other => other.into(),
    })?;
    let policy =
        TwoFactorPolicy { account_id: account.id, mode: Mode::Disabled, version: 1, updated_at: account.created_at };
    Ok(two_factor_policies::insert(conn, &policy)?)
}
