//! Maps errors of `service` to their codes, and so to their HTTP statuses: the only place that does.

use permissions::GrantRefused;
use service::Error;

use super::{Code, FieldError, Problem};

/// Seconds until a retry makes sense when the machine or the database is overloaded.
const RETRY_AFTER: u32 = 2;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::InvalidCredentials => {
                Self::new(Code::InvalidCredentials, "The account, username or password is wrong.")
            }
            Error::InvalidToken => Self::new(Code::InvalidToken, "The token is unknown, expired or revoked."),
            Error::ChallengeInvalid => Self::new(
                Code::ChallengeInvalid,
                "This login is unknown, has expired or has ended. Start again with POST /v1/login.",
            ),
            Error::InvalidCode { attempts_left } => invalid_code(attempts_left),
            Error::WrongStep { next } => {
                let detail = format!("The login expects the step `{}`.", next.as_str());
                let mut problem = Self::new(Code::WrongStep, detail);
                problem.0.next = Some(next.as_str());
                problem
            }
            Error::PermissionRequired(permission) => {
                let who = if permission.is_platform_only() { "the platform" } else { "your account" };
                let detail =
                    format!("This requires the permission {permission}. An administrator of {who} can grant it.");
                permission_required(permission, detail)
            }
            Error::OutOfReach { permission, holder } => {
                let detail = sentence(Error::OutOfReach { permission: permission.clone(), holder }.to_string());
                permission_required(permission, detail)
            }
            Error::EitherPermissionRequired(one, other) => {
                let detail = format!(
                    "This requires the permission {one} or {other}. An administrator of your account can grant either."
                );
                permission_required(one, detail)
            }
            Error::SessionRequired => Self::new(
                Code::SessionRequired,
                "Only a signed-in person can do this. API keys can do everything else.",
            ),
            Error::GrantRefused(GrantRefused::NotHeld(permission)) => {
                let detail = format!("You can grant only permissions that you hold, and you do not hold {permission}.");
                permission_required(permission, detail)
            }
            Error::GrantRefused(GrantRefused::PlatformOnly(permission)) => {
                let why = GrantRefused::PlatformOnly(permission.clone()).to_string();
                let mut problem = Self::invalid(vec![FieldError::new("/permissions", "platform_only", why)]);
                problem.0.denied = Some(permission);
                problem
            }
            Error::ReauthenticationRequired { max_age_seconds } => {
                let detail = format!(
                    "Your last sign-in was more than {max_age_seconds} seconds ago. Call POST /v1/me/reauthentication, \
                     then repeat the request with the new access token."
                );
                let mut problem = Self::new(Code::ReauthenticationRequired, detail);
                problem.0.max_age = Some(max_age_seconds);
                problem
            }
            Error::SecondFactorRequired => Self::new(
                Code::ReauthenticationRequired,
                "This requires your second factor. Call POST /v1/me/reauthentication with your password and a code, then \
                 repeat the request with the new access token.",
            ),
            Error::NotFound => Self::not_found(),
            Error::Conflict(detail) => Self::new(Code::Conflict, sentence(detail)),
            Error::LimitReached => Self::new(
                Code::LimitReached,
                "The account has as many users as its plan allows. Delete users, or ask the platform's administrator for a \
                 larger plan.",
            ),
            Error::PreconditionFailed => Self::new(
                Code::PreconditionFailed,
                "The resource has changed since the version in `If-Match`. Read it again and reapply your change.",
            ),
            Error::IdempotencyKeyReused => Self::new(
                Code::IdempotencyKeyReused,
                "This `Idempotency-Key` was already used for a different request. Use a new one.",
            ),
            Error::Validation(errors) => Self::invalid(errors.into_iter().map(FieldError::from).collect()),
            Error::PasswordRefused(errors) => {
                Self::password_refused(errors.into_iter().map(FieldError::from).collect())
            }
            Error::TooManyRequests { retry_after_seconds } => {
                let detail = sentence(Error::TooManyRequests { retry_after_seconds }.to_string());
                retry_later(Code::TooManyRequests, detail, retry_after_seconds)
            }
            Error::Overloaded => {
                retry_later(Code::Overloaded, "The service is busy. Try again shortly.".to_owned(), RETRY_AFTER)
            }
            Error::DatabaseUnavailable => {
                let detail = "The database does not respond. Try again shortly.".to_owned();
                retry_later(Code::DatabaseUnavailable, detail, RETRY_AFTER)
            }
            Error::Internal(reason) => {
                tracing::error!(reason, "an operation failed");
                Self::internal()
            }
        }
    }
}

impl From<service::FieldError> for FieldError {
    fn from(error: service::FieldError) -> Self {
        Self::new(error.pointer, error.code, error.message)
    }
}

impl Problem {
    /// 503: the database responds, but accepts no writes.
    pub fn no_writes() -> Self {
        let detail =
            "The database accepts no writes: its disk may be full, or its server read-only. Try again shortly.";
        retry_later(Code::DatabaseUnavailable, detail.to_owned(), RETRY_AFTER).that_nothing_is_written()
    }

    /// Adds that nothing can be written.
    pub fn that_nothing_is_written(mut self) -> Self {
        self.0.writes = Some(false);
        self
    }
}

fn invalid_code(attempts_left: Option<u8>) -> Problem {
    let detail = match attempts_left {
        Some(0) => "The code is wrong, expired or already used. That was the last try. Sign in again.".to_owned(),
        Some(1) => "The code is wrong, expired or already used. You have 1 try left.".to_owned(),
        Some(left) => format!("The code is wrong, expired or already used. You have {left} tries left."),
        None => "The code is wrong, expired or already used.".to_owned(),
    };
    let mut problem = Problem::new(Code::InvalidCode, detail);
    problem.0.attempts_left = attempts_left;
    problem
}

fn permission_required(permission: permissions::Permission, detail: String) -> Problem {
    let mut problem = Problem::new(Code::PermissionRequired, detail);
    problem.0.denied = Some(permission.clone());
    problem.0.permission = Some(permission);
    problem
}

fn retry_later(code: Code, detail: String, seconds: u32) -> Problem {
    let mut problem = Problem::new(code, detail);
    problem.0.retry_after = Some(seconds);
    problem
}

/// The messages of `service` begin in lower case and end without a full stop.
fn sentence(words: String) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::expect;
    use permissions::Permission;
    use service::{Holder, Next};

    use super::*;
    use crate::problem::render;

    #[test]
    fn every_error_has_its_code_and_status() {
        let field = || service::FieldError { pointer: "/a".to_owned(), code: "b", message: "c".to_owned() };
        let all = [
            Error::InvalidCredentials,
            Error::InvalidToken,
            Error::ChallengeInvalid,
            Error::InvalidCode { attempts_left: Some(4) },
            Error::WrongStep { next: Next::Totp },
            Error::PermissionRequired(Permission::AccountSettings),
            Error::OutOfReach { permission: Permission::AccountSettings, holder: Holder::User },
            Error::SessionRequired,
            Error::GrantRefused(GrantRefused::NotHeld(Permission::UserPermissions)),
            Error::GrantRefused(GrantRefused::PlatformOnly(Permission::PlatformAdministration)),
            Error::ReauthenticationRequired { max_age_seconds: 900 },
            Error::NotFound,
            Error::Conflict("the name is taken".to_owned()),
            Error::LimitReached,
            Error::PreconditionFailed,
            Error::IdempotencyKeyReused,
            Error::Validation(vec![field()]),
            Error::PasswordRefused(vec![field()]),
            Error::TooManyRequests { retry_after_seconds: 30 },
            Error::Overloaded,
            Error::DatabaseUnavailable,
            Error::Internal("hunter2".to_owned()),
        ];
        let mut table = String::new();
        for error in all {
            let problem = Problem::from(error);
            let body: serde_json::Value = serde_json::from_str(&render::body(&problem, None)).unwrap();
            assert!(!body.to_string().contains("hunter2"));
            let extra: Vec<_> = body.as_object().unwrap().keys().filter(|key| is_extension(key)).cloned().collect();
            let line = format!("{} {} {}", body["status"], body["code"].as_str().unwrap(), extra.join(" "));
            writeln!(table, "{}", line.trim_end()).unwrap();
        }
        expect![[r"
            401 invalid_credentials
            401 invalid_token
            401 challenge_invalid
            401 invalid_code attempts_left
            409 wrong_step next
            403 permission_required permission
            403 permission_required permission
            403 session_required
            403 permission_required permission
            422 validation_failed errors
            401 reauthentication_required max_age
            404 not_found
            409 conflict
            409 limit_reached
            412 precondition_failed
            422 idempotency_key_reused
            422 validation_failed errors
            422 password_refused errors
            429 too_many_requests retry_after
            503 overloaded retry_after
            503 database_unavailable retry_after
            500 internal_error
        "]]
        .assert_eq(&table);
    }

    fn is_extension(key: &str) -> bool {
        !["type", "title", "status", "detail", "instance", "code"].contains(&key)
    }
}
