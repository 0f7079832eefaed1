//! What every start makes sure of.

use kernel::{Id, OsRandom};
use password_policy::{PasswordPolicy, PolicyDraft, Preset};
use store::{
    Conn, StoreError,
    tables::{
        accounts::{self, Account},
        password_policies::{self, StoredPolicy},
        sessions,
        two_factor_policies::{self, TwoFactorPolicy},
        two_factor_policy_users, user_names, users,
    },
};
use two_factor::Mode;

use super::{PLATFORM_MODE, PLATFORM_SLUG};
use crate::{
    Error, Result,
    audit::{Action, by_service, two_factor_policy_of},
    password_policies::PRIORITY,
    service::Service,
};

/// Makes the platform's account and the first signing key, unless they are there; then loads the keys.
pub(crate) async fn prepare(service: &Service) -> Result<()> {
    let now = service.core.now();
    let made: Result<()> = service
        .write(move |conn, audit| {
            if accounts::by_slug(conn, PLATFORM_SLUG)?.is_none() {
                let id = Id::generate(now, &mut OsRandom);
                let account = Account::new(id, PLATFORM_SLUG.to_owned(), "Platform".to_owned(), now);
                insert_account(conn, &account, PLATFORM_MODE, None)?;
                audit.record(id, by_service(Action::AccountCreated).on(&account));
            }
            Ok(())
        })
        .await;
    match made {
        // Two nodes that start at once: the other one was first.
        Err(Error::Conflict(_)) | Ok(()) => {}
        Err(other) => return Err(other),
    }
    ask_platform_administrators_for_two_factors(service).await?;
    derive_names(service).await?;
    service.make_first_signing_key().await?;
    service.load_signing_keys().await
}

/// Who administers the platform signs in with two factors, always. Changes something only where an older version of the
/// program had let the policy be another one: then everybody enrols at the next login, and sessions that may have begun with
/// a password alone end.
async fn ask_platform_administrators_for_two_factors(service: &Service) -> Result<()> {
    let now = service.core.now();
    service
        .write(move |conn, audit| {
            let missing = || Error::Internal("there is no platform account".to_owned());
            let account = accounts::by_slug(conn, PLATFORM_SLUG)?.ok_or_else(missing)?;
            accounts::lock(conn, account.id)?;
            let policy = two_factor_policies::of_account(conn, account.id)?.ok_or_else(missing)?;
            if policy.mode != PLATFORM_MODE {
                two_factor_policies::replace(conn, account.id, policy.version, PLATFORM_MODE, now)?;
                two_factor_policy_users::replace(conn, account.id, &[])?;
                sessions::end_all_of_account(conn, account.id)?;
                let event = by_service(Action::TwoFactorPolicyChanged).on(two_factor_policy_of(account.id));
                let event = event.with_change("mode", policy.mode.as_str(), PLATFORM_MODE.as_str());
                audit.record(account.id, event);
            }
            Ok(())
        })
        .await
}

/// Derives from the names of users and accounts what a migration has left to be derived. Nothing, but after such a migration.
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

/// Adds an account with its two-factor policy and its first password policy, which applies to everybody. `max_users`: how
/// many users its plan allows.
///
/// # Errors
/// [`Error::Conflict`] when the slug is taken.
pub(crate) fn insert_account(conn: &mut Conn, account: &Account, mode: Mode, max_users: Option<u32>) -> Result<()> {
    accounts::insert(conn, account, max_users).map_err(|why| match why {
        StoreError::UniqueViolation { .. } => {
            Error::Conflict(format!("there is an account with the slug {} already", account.slug))
        }
        other => other.into(),
    })?;
    let policy = TwoFactorPolicy { account_id: account.id, mode, version: 1, updated_at: account.created_at };
    two_factor_policies::insert(conn, &policy)?;
    Ok(password_policies::insert(conn, &first_password_policy(account)?)?)
}

/// At least 8 characters, no expiry, another one than the present one. The migration gives the same to accounts that were
/// there before there were password policies.
fn first_password_policy(account: &Account) -> Result<StoredPolicy> {
    let draft =
        PolicyDraft { name: "Basic".to_owned(), strength: Preset::Basic.as_str().to_owned(), ..PolicyDraft::default() };
    let policy = PasswordPolicy::new(draft)
        .map_err(|_| Error::Internal("the first password policy of an account makes no sense".to_owned()))?;
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
