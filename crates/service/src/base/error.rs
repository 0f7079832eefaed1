//! Why a verb did not do what it was asked to.

use std::fmt;

use auth::challenge::Next;
use permissions::Permission;
use store::StoreError;

/// One field of a request that cannot be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where it stands in the body (RFC 6901), such as `/user_ids/3`.
    pub pointer: String,
    /// What programs switch on.
    pub code: &'static str,
    /// What people read.
    pub message: String,
}

/// Who or what has a permission that keeps others from touching it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The user who was to be acted upon.
    User,
    /// The role that was to be changed.
    Role,
    /// Somebody who has the role that was to be changed, and would hold something else afterwards.
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

/// The error of every verb. No HTTP in it: `api` gives each variant its status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The login failed; nobody is told why.
    #[error("account, user name or password is wrong")]
    InvalidCredentials,
    /// The access or refresh token does not count.
    #[error("the token is missing, malformed, expired or revoked")]
    InvalidToken,
    /// The challenge token does not count, or its challenge is over.
    #[error("this login is unknown, expired or over; begin again")]
    ChallengeInvalid,
    /// A wrong code: six digits, recovery code or activation code.
    #[error("the code is wrong, expired or used")]
    InvalidCode {
        /// Codes that may still be tried in this login.
        attempts_left: Option<u8>,
    },
    /// The challenge stands at another step.
    #[error("this login stands at another step: {}", next.as_str())]
    WrongStep {
        /// The step at which it stands.
        next: Next,
    },
    /// The caller is known but lacks a permission.
    #[error("this needs the permission {0}, which an administrator of the account can grant")]
    PermissionRequired(Permission),
    /// The caller is known and could do this to others, but not to somebody or something that holds what the caller could not
    /// grant.
    #[error("{holder} {permission}, so only somebody who could grant that may do this")]
    OutOfReach {
        /// What the caller lacks.
        permission: Permission,
        /// Who or what has it.
        holder: Holder,
    },
    /// The caller is known but lacks two permissions, one of which would do.
    #[error("this needs the permission {0} or {1}, which an administrator of the account can grant")]
    EitherPermissionRequired(Permission, Permission),
    /// The caller is a program, and this is for people who are signed in.
    #[error("this is for people who are signed in; an API key cannot do it")]
    SessionRequired,
    /// Nobody grants what they do not hold, or where it has no meaning.
    #[error(transparent)]
    GrantRefused(#[from] permissions::GrantRefused),
    /// The sign-in is too long ago for this operation (RFC 9470).
    #[error("prove again who you are: the last sign-in is more than {max_age_seconds} seconds ago")]
    ReauthenticationRequired {
        /// How old a sign-in may be.
        max_age_seconds: u32,
    },
    /// There is no such thing, or it belongs to another account.
    #[error("there is no such thing in this account")]
    NotFound,
    /// The request contradicts what is there.
    #[error("{0}")]
    Conflict(String),
    /// The account has as much as its plan allows.
    #[error("the account has as many users as its plan allows; a platform administrator can change the plan")]
    LimitReached,
    /// The thing was changed since the caller read it.
    #[error("it was changed since you read it; read it again")]
    PreconditionFailed,
    /// The idempotency key came with another request before.
    #[error("this idempotency key came with another request before")]
    IdempotencyKeyReused,
    /// Fields of the request cannot be accepted.
    #[error("the request is not valid")]
    Validation(Vec<FieldError>),
    /// The new password is refused by the policy.
    #[error("the new password does not fulfil the policy")]
    PasswordRefused(Vec<FieldError>),
    /// Too many attempts in too little time.
    #[error("too many attempts; wait {retry_after_seconds} seconds")]
    TooManyRequests {
        /// How long to wait.
        retry_after_seconds: u32,
    },
    /// More work waits than may wait.
    #[error("the service is busy; try again shortly")]
    Overloaded,
    /// The database does not answer.
    #[error("the database does not answer; try again shortly")]
    DatabaseUnavailable,
    /// An error of ours. The text is for the log.
    #[error("internal error: {0}")]
    Internal(String),
}

/// What verbs return.
pub type Result<T> = std::result::Result<T, Error>;

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable | StoreError::NotMigrated => Self::DatabaseUnavailable,
            StoreError::Overloaded => Self::Overloaded,
            StoreError::QuotaReached => Self::LimitReached,
            // Verbs that expect one of these look for it themselves.
            StoreError::UniqueViolation { .. }
            | StoreError::ForeignKeyViolation
            | StoreError::Inconsistent { .. }
            | StoreError::Other(_) => Self::Internal(error.to_string()),
        }
    }
}

impl Error {
    /// One field that cannot be accepted.
    pub(crate) fn field(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self::Validation(vec![FieldError { pointer: pointer.into(), code, message: message.into() }])
    }
}

/// The decision of a transaction that is to be committed although the caller gets an error, such as a counted wrong code.
pub(crate) type Verdict<T> = Result<Result<T>>;
