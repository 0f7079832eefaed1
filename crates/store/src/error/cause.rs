//! Sorts errors of the database by what they mean for the door.

use diesel::result::{DatabaseErrorKind, Error};

/// What an error means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Two transactions conflicted; this one was rolled back and can be run again.
    Conflict,
    /// The connection is gone.
    Lost,
    /// The database works but cannot do this now.
    Unavailable,
    /// The database has no space to write to.
    Full,
    /// The database user may not do that.
    Forbidden,
    /// The server accepts no writes; another connection may find one that does.
    ReadOnly,
    /// A unique constraint refuses the row.
    Unique,
    /// A foreign key refuses the change.
    ForeignKey,
    /// Anything else.
    Other,
}

/// Sorts an error.
pub(crate) fn of(error: &Error) -> Cause {
    match error {
        Error::DatabaseError(kind, info) => match kind {
            DatabaseErrorKind::UniqueViolation => Cause::Unique,
            DatabaseErrorKind::ForeignKeyViolation => Cause::ForeignKey,
            DatabaseErrorKind::SerializationFailure => Cause::Conflict,
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => Cause::Lost,
            _ => by_message(info.message()),
        },
        Error::BrokenTransactionManager | Error::RollbackErrorOnCommit { .. } => Cause::Lost,
        _ => Cause::Other,
    }
}

/// diesel keeps neither SQLSTATE nor SQLite's code of the errors it has no kind for, so the text must do. SQLite's is
/// always English; PostgreSQL's is English if the door may set the language of its session.
fn by_message(message: &str) -> Cause {
    const CONFLICT: [&str; 2] = ["deadlock detected", "could not serialize access"];
    const UNAVAILABLE: [&str; 6] = [
        // PostgreSQL
        "canceling statement due to lock timeout",
        "canceling statement due to statement timeout",
        "canceling statement due to user request",
        "too many connections",
        "the database system is",
        // SQLite
        "database is locked",
    ];
    // PostgreSQL's SQLSTATE 42501.
    const FORBIDDEN: [&str; 2] = ["permission denied for", "must be owner of"];
    const FULL: [&str; 6] = [
        // PostgreSQL
        "could not extend file",
        "No space left on device",
        "Disk quota exceeded",
        // SQLite
        "database or disk is full",
        "disk I/O error",
        "unable to open database file",
    ];
    // The last three are PgBouncer's, when it has no server or lost it.
    const LOST: [&str; 5] = [
        "terminating connection",
        "server closed the connection",
        "server conn crashed",
        "cannot connect to server",
        "query_wait_timeout",
    ];
    // A standby's words first, then those of this program (`connection::TAKES_WRITES`).
    const READ_ONLY: [&str; 2] = ["during recovery", "this session takes no writes"];
    let is_one_of = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    if is_one_of(&CONFLICT) {
        Cause::Conflict
    } else if is_one_of(&READ_ONLY) {
        Cause::ReadOnly
    } else if is_one_of(&LOST) {
        Cause::Lost
    } else if is_one_of(&FORBIDDEN) {
        Cause::Forbidden
    } else if is_one_of(&FULL) {
        Cause::Full
    } else if is_one_of(&UNAVAILABLE) {
        Cause::Unavailable
    } else {
        Cause::Other
    }
}
