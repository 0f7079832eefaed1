//! Turns records into rows, as far as no database is needed: done before the transaction, which then only writes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::TimeDelta;
use import::{Columns, Draft, Record, Refused, Status as DraftStatus};
use kernel::{AccountId, Id, OsRandom, Time};
use password_policy::PasswordHash;
use permissions::{Permission, PermissionSet};
use store::tables::{
    directory::users::{Status, User},
    jobs::user_import_errors::LineError,
    sign_in::authenticators::Authenticator,
};
use two_factor::{PERIOD_SECONDS, Step, WINDOW_STEPS};

use crate::base::{
    error::{Error, Result},
    hashing::COSTLY_FROM_MILLISECONDS,
    model::{Username, display_name, email},
    seal::Purpose,
    service::Core,
};

/// A record that can become a user, if the name is new and the importer may grant what it requests.
#[derive(Clone)]
pub(super) struct NewUser {
    pub(super) line: u32,
    pub(super) user: User,
    pub(super) permissions: PermissionSet,
    pub(super) device: Option<Authenticator>,
    pub(super) digest: [u8; 32],
    /// Roughly how many milliseconds it takes to check a password, where that is long.
    pub(super) check_milliseconds: Option<u32>,
}

/// The users that records can become, and the errors of the other records.
#[derive(Clone, Default)]
pub(super) struct Prepared {
    pub(super) users: Vec<NewUser>,
    pub(super) errors: Vec<LineError>,
}

/// Reads records. One that makes the reading fail or even panic is an error of its line, like an invalid one.
pub(super) fn prepare(core: &Core, account: AccountId, columns: &Columns, records: &[Record], now: Time) -> Prepared {
    let mut prepared = Prepared::default();
    for record in records {
        let read = || match columns.read(record).map_err(|why| refused(record.line, &why)) {
            Err(error) => Ok(Err(error)),
            Ok(draft) => new_user(core, account, record.line, &draft, now),
        };
        match guarded(record.line, read) {
            Ok(user) => prepared.users.push(user),
            Err(error) => prepared.errors.push(error),
        }
    }
    prepared
}

/// The result of `read` for a record, with a failure or panic turned into an error of the line.
fn guarded<T>(
    line: u32,
    read: impl FnOnce() -> Result<std::result::Result<T, LineError>>,
) -> std::result::Result<T, LineError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => Err(failed(line, &error)),
        // The panic hook has logged where it was.
        Err(_) => Err(failed(line, &Error::Internal("reading a record panicked".to_owned()))),
    }
}

/// An internal error on a line, which is logged.
pub(super) fn failed(line: u32, error: &Error) -> LineError {
    tracing::error!(%error, line, "a record of a user import failed");
    line_error(line, "internal_error", "the service could not import this record; its log has the reason")
}

/// An error of a line.
pub(super) fn line_error(line: u32, code: &str, message: impl Into<String>) -> LineError {
    LineError { line, code: code.to_owned(), message: message.into() }
}

fn refused(line: u32, why: &Refused) -> LineError {
    line_error(line, why.code(), why.to_string())
}

fn new_user(
    core: &Core,
    account_id: AccountId,
    line: u32,
    draft: &Draft,
    now: Time,
) -> Result<std::result::Result<NewUser, LineError>> {
    let read = names(draft).and_then(|names| Ok((names, permissions(draft)?)));
    let ((name, display_name, email), permissions) = match read {
        Ok(read) => read,
        Err((code, why)) => return Ok(Err(line_error(line, code, why))),
    };
    // A clock that was wrong in the other system must not keep a password from expiring.
    let changed_at = draft.password_changed_at.unwrap_or(now).min(now);
    let user = User {
        account_id,
        id: Id::generate(now, &mut OsRandom),
        username: name.text,
        username_key: name.key,
        display_name,
        email,
        status: match draft.status {
            DraftStatus::Active => Status::Active,
            DraftStatus::Disabled => Status::Disabled,
        },
        password_hash: draft.password_hash.as_ref().map(|hash| hash.as_str().to_owned()),
        password_changed_at: draft.password_hash.as_ref().map(|_| changed_at),
        password_change_required: draft.must_change_password,
        version: 1,
        created_at: now,
    };
    let device = match &draft.totp {
        None => None,
        Some(secret) => Some(Authenticator {
            account_id,
            user_id: user.id,
            sealed_secret: core.sealer.seal(
                Purpose::TotpSecret,
                user.id.as_bytes(),
                secret.as_bytes(),
                &mut OsRandom,
            )?,
            by_choice: true,
            last_step: before_window(now),
            confirmed_at: now,
        }),
    };
    let check_milliseconds = draft.password_hash.as_ref().map(PasswordHash::check_milliseconds);
    let check_milliseconds = check_milliseconds.filter(|milliseconds| *milliseconds >= COSTLY_FROM_MILLISECONDS);
    Ok(Ok(NewUser { line, user, permissions, device, digest: draft.digest(), check_milliseconds }))
}

/// The step before those whose codes are valid now: the code that the phone shows right now works.
fn before_window(now: Time) -> Step {
    let window = TimeDelta::seconds(i64::from(PERIOD_SECONDS).saturating_mul(WINDOW_STEPS.saturating_add(1)));
    Step::at(now.checked_sub_signed(window).unwrap_or(now))
}

type Names = (Username, Option<String>, Option<String>);

fn names(draft: &Draft) -> std::result::Result<Names, (&'static str, String)> {
    let invalid = |field: &str, why: &str| ("invalid", format!("{field}: {why}"));
    let name = Username::parse(&draft.username).map_err(|why| invalid("username", why))?;
    let display_name = draft.display_name.as_deref().map(display_name).transpose();
    let email = draft.email.as_deref().map(email).transpose();
    Ok((name, display_name.map_err(|why| invalid("display_name", why))?, email.map_err(|why| invalid("email", why))?))
}

fn permissions(draft: &Draft) -> std::result::Result<PermissionSet, (&'static str, String)> {
    let read = draft.permissions.iter().map(|name| name.parse::<Permission>());
    read.collect::<std::result::Result<_, _>>().map_err(|why| ("unknown_permission", format!("permissions: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_makes_reading_fail_or_panic_is_an_error_of_its_line() {
        let code = |outcome: std::result::Result<(), LineError>| outcome.map_err(|error| (error.line, error.code));
        let internal = Err((7, "internal_error".to_owned()));
        assert_eq!(code(guarded(7, || panic!("a test's"))), internal);
        assert_eq!(code(guarded(7, || Err(Error::Internal("a key is gone".to_owned())))), internal);
        let wrong = line_error(7, "invalid", "username: is wrong");
        assert_eq!(guarded(7, || Ok(Err::<(), _>(wrong.clone()))), Err(wrong));
        assert_eq!(guarded(7, || Ok(Ok(()))), Ok(()));
    }
}
