//! The one table of error codes.

use actix_web::http::StatusCode;

/// Defines the enum and its table, so that no code is without a status, a title and a page.
macro_rules! codes {
    ($($variant:ident = $name:literal, $status:ident, $title:literal, $page:literal;)+) => {
        /// The stable code of an error reply. Codes may be added; none is renamed or given another status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(clippy::enum_variant_names, reason = "the API calls it invalid_code")]
        pub enum Code {
            $(#[doc = $title] $variant,)+
        }

        impl Code {
            /// All codes, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name that programs switch on.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The HTTP status, one for each code.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }

            /// The short title, the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// Its meaning and what to do, as on the page at `/problems/{code}`.
            pub const fn page(self) -> &'static str {
                match self { $(Self::$variant => $page,)+ }
            }
        }
    };
}

codes! {
    MalformedRequest = "malformed_request", BAD_REQUEST, "The request is malformed",
        "The body is not UTF-8, is not JSON, is nested too deeply, repeats a key or has an unknown key; or a header or \
         a query parameter has an invalid value. `detail` says where. Unknown keys are rejected so that a typo never \
         weakens a setting. Nothing was changed.";
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "The sign-in failed",
        "The account, username or password is wrong. The reply is the same for an unknown account, an unknown user, a \
         wrong password and a disabled user, and takes the same time. Ask the user to try again.";
    InvalidToken = "invalid_token", UNAUTHORIZED, "The credential is invalid",
        "The token is missing, malformed, expired or revoked. Refresh the access token once with \
         POST /v1/token/refresh; if that fails with the same code, sign in again. The secret of an API key may also \
         have been replaced, or the key may have been used from a network that it does not allow. Administrators of \
         the account can look up the state of the key.";
    ChallengeInvalid = "challenge_invalid", UNAUTHORIZED, "The login challenge is invalid",
        "The challenge token is unknown or expired, its login is finished, or too many wrong codes ended it. Start \
         again with POST /v1/login.";
    InvalidCode = "invalid_code", UNAUTHORIZED, "The code is wrong",
        "The code is wrong, expired or already used. `attempts_left` is how often the user may try again before the \
         login challenge ends. It is absent where attempts are not counted down, as for activation codes.";
    ReauthenticationRequired = "reauthentication_required", UNAUTHORIZED, "A recent sign-in is required",
        "This operation is sensitive and requires a recent sign-in. Call POST /v1/me/reauthentication, then repeat the \
         request with the new access token. `max_age` is the number of seconds for which a sign-in counts as recent.";
    PermissionRequired = "permission_required", FORBIDDEN, "A permission is missing",
        "Your credential is valid, but you may not do this. `permission` names the missing permission. An \
         administrator of your account who holds it and `user_permissions` can grant it. If you may do this to other \
         users or roles, this one holds a permission that you cannot grant; only somebody who can grant it may do \
         this.";
    SessionRequired = "session_required", FORBIDDEN, "Only for signed-in people",
        "You sent an API key, but this operation is for signed-in people: a key has no password, no session and no \
         second factor. All other operations that accept an access token also accept an API key.";
    NotFound = "not_found", NOT_FOUND, "Not found",
        "There is no such resource, or it belongs to another account. The reply is the same on purpose.";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The method is not allowed here",
        "The path exists, but not with this method. The `Allow` header lists the methods that it accepts.";
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE, "No acceptable representation",
        "The `Accept` header names only media types that this resource does not have. `detail` lists those it has.";
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "The body arrived too slowly",
        "The body did not arrive in time. Nothing was changed; send the request again.";
    WrongStep = "wrong_step", CONFLICT, "The login is at another step",
        "The login challenge expects another step. `next` names the step to do.";
    Conflict = "conflict", CONFLICT, "The change conflicts with the current state",
        "Somebody else changed the same resource, the name is taken, or a rule forbids the change in the current \
         state. `detail` says which. Read the resource again, then decide.";
    LimitReached = "limit_reached", CONFLICT, "The plan's limit is reached",
        "The account has as many users as its plan allows (`limits.max_users` of the account). Delete users, or ask \
         the platform's administrator for a larger plan. Nothing was changed.";
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, "The resource has changed",
        "The version in `If-Match` is no longer current. Read the resource again, reapply your change, and send the \
         new `ETag`.";
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "The body is too large",
        "The body is larger than the operation accepts. `detail` names the limit.";
    UriTooLong = "uri_too_long", URI_TOO_LONG, "The URL is too long",
        "The path and query together are longer than 8 KiB.";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The media type is not supported",
        "Send the body in UTF-8, without a `Content-Encoding`, and with a `Content-Type` that the operation accepts: \
         `application/json`, unless its documentation says otherwise.";
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY, "Some fields are invalid",
        "The body is well-formed, but fields are missing, have the wrong type or are out of range. `errors` lists each \
         with a JSON pointer, a code and a message. Nothing was changed.";
    PasswordRefused = "password_refused", UNPROCESSABLE_ENTITY, "The password does not meet the policy",
        "`errors` lists every rule that the new password breaks: too_short, too_long, needs_uppercase, \
         needs_lowercase, needs_digit, needs_special, reused, common, breached, contains_context_word. The old \
         password remains valid.";
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The idempotency key was already used",
        "This `Idempotency-Key` was already used for a different request. Use a new key for a new request.";
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS, "Too many attempts",
        "There were too many attempts. Wait for the number of seconds in `Retry-After`. The reply is the same whether \
         or not the user exists.";
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large",
        "The request headers together are larger than 32 KiB.";
    InternalError = "internal_error", INTERNAL_SERVER_ERROR, "Something went wrong on our side",
        "The service failed. Its log has the reason under the request id in `instance`; send that id to the operator.";
    Overloaded = "overloaded", SERVICE_UNAVAILABLE, "The service is busy",
        "The service has more work than it can do in time. Nothing was changed. Try again after the number of seconds \
         in `Retry-After`.";
    DatabaseUnavailable = "database_unavailable", SERVICE_UNAVAILABLE, "The database is unavailable",
        "The service runs, but its database does not respond, or accepts no writes because its disk is full or its \
         server is read-only. Try again after the number of seconds in `Retry-After`.";
}

impl Code {
    /// The code with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// The `type` of the problem: the path of its page.
    pub fn type_path(self) -> String {
        format!("/problems/{}", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::expect;

    use super::*;

    #[test]
    fn the_table_of_codes_and_statuses_is_stable() {
        let mut table = String::new();
        for code in Code::ALL {
            writeln!(table, "{} {}", code.status().as_u16(), code.as_str()).unwrap();
            assert_eq!(Code::from_name(code.as_str()), Some(*code));
        }
        expect![[r"
            400 malformed_request
            401 invalid_credentials
            401 invalid_token
            401 challenge_invalid
            401 invalid_code
            401 reauthentication_required
            403 permission_required
            403 session_required
            404 not_found
            405 method_not_allowed
            406 not_acceptable
            408 request_timeout
            409 wrong_step
            409 conflict
            409 limit_reached
            412 precondition_failed
            413 payload_too_large
            414 uri_too_long
            415 unsupported_media_type
            422 validation_failed
            422 password_refused
            422 idempotency_key_reused
            429 too_many_requests
            431 headers_too_large
            500 internal_error
            503 overloaded
            503 database_unavailable
        "]]
        .assert_eq(&table);
    }
}
