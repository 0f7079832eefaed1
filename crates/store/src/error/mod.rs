//! Errors between a closure and its rows.

pub(crate) mod cause;
pub(crate) mod redact;

use diesel::result::{DatabaseErrorInformation, Error};
use thiserror::Error as ThisError;

use cause::Cause;

/// Why the store could not do what it was asked to. Carries names of tables, columns and constraints, never values.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum StoreError {
    /// The database cannot be reached, does not accept writes, or did not get to the work in time. Almost always
    /// nothing was done; but if the connection broke during a commit, or no answer came at all, a write may have taken
    /// place. Worth another try later.
    #[error("the database is not available")]
    Unavailable,
    /// More work waits for the database than allowed. Nothing was done. Worth another try later.
    #[error("too much work is waiting for the database")]
    Overloaded,
    /// The database can be reached, but its schema is older than this program.
    #[error("the database lacks migrations of this program")]
    NotMigrated,
    /// A row with these unique values exists.
    #[error("a row with the same unique values exists: {constraint}")]
    UniqueViolation {
        /// The constraint's name (PostgreSQL) or its `table.column, …` (SQLite).
        constraint: String,
    },
    /// The row refers to one that does not exist, or other rows refer to it.
    #[error("a row refers to one that does not exist, or is referred to")]
    ForeignKeyViolation,
    /// The account has as many users as its plan allows.
    #[error("the account has as many users as its plan allows")]
    QuotaReached,
    /// A row that no version of this program writes.
    #[error("row {id} of {table} has an invalid {column}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        id: String,
    },
    /// Anything else: an error in this program, or in the database.
    #[error("the database failed: {0}")]
    Other(String),
}

/// What the functions of this crate return.
pub type Result<T> = std::result::Result<T, StoreError>;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match (cause::of(&error), &error) {
            // A conflict gets here when the door's tries are used up.
            (
                Cause::Unavailable | Cause::Full | Cause::Forbidden | Cause::ReadOnly | Cause::Lost | Cause::Conflict,
                _,
            ) => Self::Unavailable,
            (Cause::Unique, Error::DatabaseError(_, info)) => Self::UniqueViolation { constraint: constraint(&**info) },
            (Cause::ForeignKey, _) => Self::ForeignKeyViolation,
            (Cause::Unique | Cause::Other, _) => Self::Other(redact::redact(&error.to_string())),
        }
    }
}

fn constraint(info: &(dyn DatabaseErrorInformation + Send + Sync)) -> String {
    // SQLite names the columns, and only in its message: "UNIQUE constraint failed: users.account_id, users.email".
    let columns = || info.message().rsplit_once(": ").map(|(_, columns)| columns);
    info.constraint_name().or_else(columns).unwrap_or_default().to_owned()
}
