//! Prepares the database at every start.

use crate::{
    base::{
        audit::{Action, by_service, two_factor_policy_of},
        error::{Error, Result},
        platform_account::{PLATFORM_MODE, PLATFORM_SLUG},
        service::Service,
    },
    directory::accounts::insert_account,
};
use kernel::{Id, OsRandom};
use store::tables::{
    directory::{
        accounts::{self, Account},
        user_names, users,
    },
    policies::{two_factor_policies, two_factor_policy_users},
    sign_in::sessions,
};

/// Creates the platform's account and the first signing key, unless they exist; then loads the keys.
pub(crate) async fn prepare(service: &Service) -> Result<()> {
    let made: Result<()> = service
        .transact(|tx| {
            if accounts::by_slug(tx.conn, PLATFORM_SLUG)?.is_none() {
                let id = Id::generate(tx.now, &mut OsRandom);
                let account = Account::new(id, PLATFORM_SLUG.to_owned(), "Platform".to_owned(), tx.now);
                insert_account(tx.conn, &account, PLATFORM_MODE, None)?;
                tx.record(id, by_service(Action::AccountCreated).on(&account));
            }
            Ok(())
        })
        .await;
    match made {
        // Two nodes start at the same time: the other one was first.
        Err(Error::Conflict(_)) | Ok(()) => {}
        Err(other) => return Err(other),
    }
    ask_platform_administrators_for_two_factors(service).await?;
    derive_names(service).await?;
    service.make_first_signing_key().await?;
    service.load_signing_keys().await
}

/// Platform administrators always need two factors to sign in. This changes something only where an older version
/// allowed another policy: then all of them enroll at the next login, and sessions that may have begun with a password
/// alone end.
async fn ask_platform_administrators_for_two_factors(service: &Service) -> Result<()> {
    service
        .transact(|tx| {
            let missing = || Error::Internal("there is no platform account".to_owned());
            let account = accounts::by_slug(tx.conn, PLATFORM_SLUG)?.ok_or_else(missing)?;
            accounts::lock(tx.conn, account.id)?;
            let policy = two_factor_policies::of_account(tx.conn, account.id)?.ok_or_else(missing)?;
            if policy.mode != PLATFORM_MODE {
                two_factor_policies::replace(tx.conn, account.id, policy.version, PLATFORM_MODE, tx.now)?;
                two_factor_policy_users::replace(tx.conn, account.id, &[])?;
                sessions::end_all_of_account(tx.conn, account.id)?;
                let event = by_service(Action::TwoFactorPolicyChanged).on(two_factor_policy_of(account.id));
                let event = event.with_change("mode", policy.mode.as_str(), PLATFORM_MODE.as_str());
                tx.record(account.id, event);
            }
            Ok(())
        })
        .await
}

/// Derives values from the names of users and accounts that a migration has left to the program. Does nothing, except
/// after such a migration.
async fn derive_names(service: &Service) -> Result<()> {
    while !service.store.write(|conn| Ok::<_, Error>(accounts::derive_names(conn, 500)?)).await? {}
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
