//! Why an operation failed.

use std::fmt;

use auth::challenge::Next;
use permissions::Permission;
use store::StoreError;

/// One invalid field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) to the field, such as `/user_ids/3`.
    pub pointer: String,
    /// What programs switch on.
    pub code: &'static str,
    /// What people read.
    pub message: String,
}

/// Who or what holds a permission that protects it from callers who cannot grant it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The user to act on.
    User,
    /// The role to change.
    Role,
    /// Somebody who has the role to change, and whose permissions would change with it.
    WithRole,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "this user holds",
            Self::Role => "this role carries",
            Self::WithRole => "somebody who has this role holds",
        })
    }
}

/// The error of every operation. It knows nothing of HTTP: `api` gives each variant its status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The login failed. The reason is not disclosed.
    #[error("the account, username or password is wrong")]
    InvalidCredentials,
    /// The access token, refresh token or API key is not valid.
    #[error("the token is missing, malformed, expired or revoked")]
    InvalidToken,
    /// The challenge token is not valid, or its challenge has ended.
    #[error("this login is unknown, has expired or has ended; start again")]
    ChallengeInvalid,
    /// The six-digit code, recovery code or activation code is wrong.
    #[error("the code is wrong, expired or already used")]
    InvalidCode {
        /// How many attempts are left in this login; `None` where attempts are not counted down.
        attempts_left: Option<u8>,
    },
    /// The login challenge expects another step.
    #[error("this login expects the step {}", next.as_str())]
    WrongStep {
        /// The step that it expects.
        next: Next,
    },
    /// The caller is authenticated but lacks a permission.
    #[error("this requires the permission {0}, which an administrator of the account can grant")]
    PermissionRequired(Permission),
    /// The caller may do this to other users or roles, but not to one with a permission that the caller cannot grant.
    #[error("{holder} {permission}, so only somebody who can grant it may do this")]
    OutOfReach {
        /// What the caller lacks.
        permission: Permission,
        /// Who or what holds it.
        holder: Holder,
    },
    /// The caller is authenticated but lacks two permissions, either of which is sufficient.
    #[error("this requires the permission {0} or {1}, which an administrator of the account can grant")]
    EitherPermissionRequired(Permission, Permission),
    /// The caller used an API key, but the operation is for signed-in people.
    #[error("only a signed-in person can do this, not an API key")]
    SessionRequired,
    /// The caller does not hold the permission to grant, or it cannot be granted in this account.
    #[error(transparent)]
    GrantRefused(#[from] permissions::GrantRefused),
    /// The operation requires a more recent sign-in (RFC 9470).
    #[error("a recent sign-in is required: the last one was more than {max_age_seconds} seconds ago")]
    ReauthenticationRequired {
        /// How many seconds ago the sign-in may be.
        max_age_seconds: u32,
    },
    /// The operation requires a sign-in with the second factor.
    #[error("a sign-in with the second factor is required")]
    SecondFactorRequired,
    /// There is no such resource, or it belongs to another account.
    #[error("there is no such resource in this account")]
    NotFound,
    /// The request conflicts with the current state.
    #[error("{0}")]
    Conflict(String),
    /// The account has as many users as its plan allows.
    #[error("the account has as many users as its plan allows; a platform administrator can change the plan")]
    LimitReached,
    /// The resource was changed since the caller read it.
    #[error("it has changed since you read it; read it again")]
    PreconditionFailed,
    /// The idempotency key was already used for a different request.
    #[error("this idempotency key was already used for a different request")]
    IdempotencyKeyReused,
    /// Fields of the request are invalid.
    #[error("the request is invalid")]
    Validation(Vec<FieldError>),
    /// The policy rejects the new password.
    #[error("the new password does not meet the policy")]
    PasswordRefused(Vec<FieldError>),
    /// Too many attempts in too little time.
    #[error("too many attempts; try again in {}", in_seconds(*.retry_after_seconds))]
    TooManyRequests {
        /// How many seconds to wait.
        retry_after_seconds: u32,
    },
    /// The queue of waiting work is full.
    #[error("the service is busy; try again shortly")]
    Overloaded,
    /// The database does not respond.
    #[error("the database does not respond; try again shortly")]
    DatabaseUnavailable,
    /// An internal error. The text is for the log only.
    #[error("internal error: {0}")]
    Internal(String),
}

/// A wait in words: `1 second`, `30 seconds`.
pub(crate) fn in_seconds(wait: u32) -> String {
    if wait == 1 { "1 second".to_owned() } else { format!("{wait} seconds") }
}

/// What operations return.
pub type Result<T> = std::result::Result<T, Error>;

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable | StoreError::NotMigrated => Self::DatabaseUnavailable,
            StoreError::Overloaded => Self::Overloaded,
            StoreError::QuotaReached => Self::LimitReached,
            // Use cases that expect one of these handle it themselves.
            StoreError::UniqueViolation { .. }
            | StoreError::ForeignKeyViolation
            | StoreError::Inconsistent { .. }
            | StoreError::Other(_) => Self::Internal(error.to_string()),
        }
    }
}

impl Error {
    /// One invalid field.
    pub(crate) fn field(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::Validation(vec![FieldError { pointer: pointer.into(), code, message: message.into() }])
    }
}

/// The outcome of a transaction that is committed even if the caller gets an error, such as a counted wrong code.
pub(crate) type Verdict<T> = Result<Result<T>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_second_is_not_many() {
        for (wait, words) in [(1, "1 second"), (2, "2 seconds"), (30, "30 seconds")] {
            let error = Error::TooManyRequests { retry_after_seconds: wait };
            assert_eq!(error.to_string(), format!("too many attempts; try again in {words}"));
        }
    }
}
