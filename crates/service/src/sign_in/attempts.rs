//! Counted attempts.
//!
//! Counters are locked in one order: source, password, code. The key of a password's counter is what was typed, so that a
//! name that does not exist is throttled like one that does.

use auth::throttle::Policy;
use kernel::{AccountId, Time, UserId};
use sha2::{Digest, Sha256};
use store::{
    Conn,
    tables::{
        accounts::Account,
        throttles::{self, Key},
        users::User,
    },
};

use crate::{Error, Result, Source};

/// The counter of passwords tried for this name of this account.
pub(crate) fn password_of_user(account_slug: &str, username_key: &str) -> Key {
    // The lengths keep "ab" + "c" apart from "a" + "bc".
    let digest = Sha256::new()
        .chain_update(u64::try_from(account_slug.len()).unwrap_or(u64::MAX).to_be_bytes())
        .chain_update(account_slug)
        .chain_update(username_key)
        .finalize();
    Key { kind: "password_of_user", digest: digest.into(), owner: None }
}

/// The same counter, when there is such a user.
pub(crate) fn password_of(account: &Account, user: &User) -> Key {
    let key = password_of_user(&account.slug, &user.username_key);
    Key { owner: Some((account.id, user.id)), ..key }
}

/// The counter of passwords tried from this source.
pub(crate) fn password_from_source(source: &Source) -> Key {
    Key { kind: "password_from_source", digest: Sha256::digest(source.network()).into(), owner: None }
}

/// The counter of codes tried for this user.
pub(crate) fn code_of_user(account: AccountId, user: UserId) -> Key {
    Key { kind: "code_of_user", digest: Sha256::digest(user.as_bytes()).into(), owner: Some((account, user)) }
}

/// Counts an attempt before it is looked at.
///
/// # Errors
/// [`Error::TooManyRequests`] when it comes too early; then nothing was counted.
pub(crate) fn count(conn: &mut Conn, key: &Key, policy: &Policy, now: Time) -> Result<()> {
    throttles::lock(conn, key)?;
    let known = throttles::get(conn, key)?;
    let counter = policy
        .attempt(known, now)
        .map_err(|early| Error::TooManyRequests { retry_after_seconds: early.retry_after_seconds })?;
    Ok(throttles::put(conn, key, counter)?)
}

/// Forgives one attempt, which turned out right; the wrong ones before it stay counted.
pub(crate) fn forgive(conn: &mut Conn, key: &Key, policy: &Policy) -> Result<()> {
    throttles::lock(conn, key)?;
    match throttles::get(conn, key)?.and_then(|counter| policy.forgive(counter)) {
        Some(counter) => Ok(throttles::put(conn, key, counter)?),
        None => Ok(throttles::clear(conn, key)?),
    }
}

/// Forgives all attempts: who they were for has proven who it is.
pub(crate) fn clear(conn: &mut Conn, key: &Key) -> Result<()> {
    throttles::lock(conn, key)?;
    Ok(throttles::clear(conn, key)?)
}
