//! Counts and slows down guesses.
//!
//! Counters are locked in one order, after users: source, password, code. Work that is not a guess is counted like a
//! wrong one, with a higher limit. The counter of a password is keyed by the name that was typed, so that a name that
//! does not exist is throttled like one that does.

use auth::throttle::{Policy, TooEarly};
use kernel::{AccountId, SessionId, Time, UserId};
use sha2::{Digest, Sha256};
use store::{
    Conn,
    tables::{
        base::throttles::{self, Key},
        directory::{accounts::Account, users::User},
    },
};

use crate::base::{
    error::{Error, Result},
    model::Source,
};

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

/// The counter of passwords tried for this user.
pub(crate) fn password_of(account: &Account, user: &User) -> Key {
    owned_by(password_of_user(&account.slug, &user.username_key), user)
}

/// The same counter with its owner, so that the list of users can show who is locked.
pub(crate) fn owned_by(key: Key, user: &User) -> Key {
    Key { owner: Some((user.account_id, user.id)), ..key }
}

/// The counter of passwords tried for this name from a source where this user has signed in before: strangers elsewhere
/// do not lock the user out.
pub(crate) fn password_from_known_source(user: &User, source_digest: [u8; 32]) -> Key {
    let digest = Sha256::new().chain_update(user.id.as_bytes()).chain_update(source_digest).finalize();
    owned_by(Key { kind: "password_from_known_source", digest: digest.into(), owner: None }, user)
}

/// The counter of passwords tried in this session by its signed-in user: nobody outside can raise it.
pub(crate) fn password_in_session(session: SessionId) -> Key {
    Key { kind: "password_in_session", digest: Sha256::digest(session.as_bytes()).into(), owner: None }
}

/// The counter of passwords that this user has had hashed apart from sign-ins, right or wrong: each is work for the
/// machine.
pub(crate) fn hashes_for_user(user: UserId) -> Key {
    Key { kind: "hashes_for_user", digest: Sha256::digest(user.as_bytes()).into(), owner: None }
}

/// The counter of new passwords that were tried for this user with an activation code or in a login. A rejection tells
/// whether one was used before, so each is a guess at the earlier ones.
pub(crate) fn new_password_of_user(user: UserId) -> Key {
    Key { kind: "new_password_of_user", digest: Sha256::digest(user.as_bytes()).into(), owner: None }
}

/// The counter of refreshes of this session: each leaves a row behind.
pub(crate) fn refreshes_of_session(session: SessionId) -> Key {
    Key { kind: "refreshes_of_session", digest: Sha256::digest(session.as_bytes()).into(), owner: None }
}

/// The counter of passwords tried from this source.
pub(crate) fn password_from_source(source: &Source) -> Key {
    Key { kind: "password_from_source", digest: source_digest(source), owner: None }
}

/// The counter of codes tried for this user.
pub(crate) fn code_of_user(account: AccountId, user: UserId) -> Key {
    Key { kind: "code_of_user", digest: Sha256::digest(user.as_bytes()).into(), owner: Some((account, user)) }
}

/// The counter of passwords that this caller has had checked while somebody typed.
fn password_checks_of(caller: &[u8; 16]) -> Key {
    Key { kind: "password_checks", digest: Sha256::digest(caller).into(), owner: None }
}

/// Counts an unknown name that was typed at a sign-in to this account, or to one that does not exist. This counter
/// delays nobody.
pub(crate) fn count_unknown_name(
    conn: &mut Conn,
    account: Option<&Account>,
    policy: &Policy,
    now: Time,
) -> Result<Counted> {
    let digest = account.map_or([0; 32], |account| Sha256::digest(account.id.as_bytes()).into());
    count(conn, Key { kind: "unknown_names", digest, owner: None }, policy, now)
}

/// Counts a request that this caller lacked the permission for. This counter delays nobody.
pub(crate) fn count_refusal(conn: &mut Conn, caller: &[u8; 16], policy: &Policy, now: Time) -> Result<Counted> {
    count(conn, Key { kind: "refusals", digest: Sha256::digest(caller).into(), owner: None }, policy, now)
}

/// Counts the use of an activation code of this user that no longer worked. This counter delays nobody.
pub(crate) fn count_void_code(conn: &mut Conn, user: UserId, policy: &Policy, now: Time) -> Result<Counted> {
    count(conn, Key { kind: "void_codes", digest: Sha256::digest(user.as_bytes()).into(), owner: None }, policy, now)
}

/// Counts for the record only, and forgets as `policy` does.
fn count(conn: &mut Conn, key: Key, policy: &Policy, now: Time) -> Result<Counted> {
    record_failure(conn, &key, &Policy { free: u32::MAX, ..*policy }, now)
}

/// Whether a guess may be checked; asked before the work of checking. [`record_failure`] and [`ensure_allowed`] ask again, and theirs is
/// the binding answer.
///
/// # Errors
/// [`Error::TooManyRequests`].
pub(crate) fn precheck(conn: &mut Conn, key: &Key, policy: &Policy, now: Time) -> Result<()> {
    let counter = throttles::get(conn, key)?;
    policy.check(counter, now).map_err(too_many)
}

/// The digest that identifies a source among those of a user.
pub(crate) fn source_digest(source: &Source) -> [u8; 32] {
    Sha256::digest(source.network()).into()
}

/// Counts a wrong guess, unless too many were answered while it was checked.
///
/// # Errors
/// [`Error::TooManyRequests`]: then the caller does not learn that it was wrong.
pub(crate) fn record_failure(conn: &mut Conn, key: &Key, policy: &Policy, now: Time) -> Result<Counted> {
    throttles::lock(conn, key)?;
    let counter = throttles::get(conn, key)?;
    policy.check(counter, now).map_err(too_many)?;
    let counter = policy.fail(counter, now);
    throttles::put(conn, key, counter)?;
    let wait = counter.blocked_until - counter.last_failure_at;
    Ok(Counted {
        counter: key.kind,
        failures: counter.failures,
        wait_seconds: u32::try_from(wait.num_seconds()).unwrap_or(u32::MAX),
        begins_to_wait: counter.failures == policy.free.max(1),
    })
}

/// A wrong guess that was counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    /// What was counted: the name of the counter's kind.
    pub(crate) counter: &'static str,
    /// How many there are now.
    pub(crate) failures: u32,
    /// How long the next one must wait.
    pub(crate) wait_seconds: u32,
    /// Whether this is the first one after which the next must wait.
    pub(crate) begins_to_wait: bool,
}

/// Counts a password that this caller has had checked while somebody typed. Not a guess: only the load is limited.
///
/// # Errors
/// [`Error::TooManyRequests`].
pub(crate) fn count_password_check(conn: &mut Conn, caller: &[u8; 16], policy: &Policy, now: Time) -> Result<()> {
    record_failure(conn, &password_checks_of(caller), policy, now)?;
    Ok(())
}

/// Counts a mail to this user, and one to this address of the account, so that neither many users with one address nor
/// one user with many can be used to flood somebody.
///
/// # Errors
/// [`Error::TooManyRequests`].
pub(crate) fn count_mail(conn: &mut Conn, user: &User, to: &str, policy: &Policy, now: Time) -> Result<()> {
    let of_user = Sha256::digest(user.id.as_bytes());
    let of_address = Sha256::new().chain_update(user.account_id.as_bytes()).chain_update(to.to_lowercase()).finalize();
    for (kind, digest) in [("mails_to_user", of_user.into()), ("mails_to_address", of_address.into())] {
        record_failure(conn, &Key { kind, digest, owner: None }, policy, now)?;
    }
    Ok(())
}

/// Accepts a right guess, unless too many wrong ones were answered while it was checked. The counter stays.
///
/// # Errors
/// [`Error::TooManyRequests`]: then the caller does not learn that it was right.
pub(crate) fn ensure_allowed(conn: &mut Conn, key: &Key, policy: &Policy, now: Time) -> Result<()> {
    throttles::lock(conn, key)?;
    precheck(conn, key, policy, now)
}

/// Forgets all wrong guesses, once the user has proven their identity. Returns whether there were any.
pub(crate) fn clear(conn: &mut Conn, key: &Key) -> Result<bool> {
    throttles::lock(conn, key)?;
    Ok(throttles::clear(conn, key)?)
}

/// Forgets everything that was counted for this user, by name, by code and by source.
pub(crate) fn clear_all_of(conn: &mut Conn, account: &Account, user: &User) -> Result<()> {
    // The counter of the name may be older than the user.
    clear(conn, &password_of(account, user))?;
    clear(conn, &new_password_of_user(user.id))?;
    Ok(throttles::clear_owned(conn, account.id, user.id)?)
}

fn too_many(early: TooEarly) -> Error {
    Error::TooManyRequests { retry_after_seconds: early.retry_after_seconds }
}
