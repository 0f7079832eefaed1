//! The one table of error codes.

use actix_web::http::StatusCode;

/// Makes the enum and its table, so that no code is without a status, a title and a page.
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

            /// What it means and what to do, as the page at `/problems/{code}` says it.
            pub const fn page(self) -> &'static str {
                match self { $(Self::$variant => $page,)+ }
            }
        }
    };
}

codes! {
    MalformedRequest = "malformed_request", BAD_REQUEST, "The request cannot be read",
        "The body is not the JSON that the operation takes: not UTF-8, not JSON, nested too deep, with a key twice or with \
         a key that is not known here; or a header or a query parameter has no readable value. The detail says where. \
         An unknown key is refused so that a typo never weakens a setting. Nothing was changed.";
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "The sign-in failed",
        "Account, username and password do not fit together. The reply is the same for an unknown account, an unknown user, \
         a wrong password and a disabled user, and takes the same time. Ask the user to try again.";
    InvalidToken = "invalid_token", UNAUTHORIZED, "The credential is not valid",
        "The token is missing, malformed, expired or revoked. Refresh the access token once with POST /v1/token/refresh; if \
         that fails with the same code, sign in again. An API key may also have been replaced, or been sent from a network \
         from where it may not be used; administrators of its account see how it stands.";
    ChallengeInvalid = "challenge_invalid", UNAUTHORIZED, "The login challenge is not valid",
        "The challenge token is unknown, expired, already finished, or ended by too many wrong codes. Start again with \
         POST /v1/login.";
    InvalidCode = "invalid_code", UNAUTHORIZED, "The code is wrong",
        "The six digits or the recovery code are wrong, expired or already used. `attempts_left` says how often the user may \
         try again before the login challenge ends; where it is absent, as for activation codes, nothing is counted down.";
    ReauthenticationRequired = "reauthentication_required", UNAUTHORIZED, "The sign-in is too long ago",
        "The operation is sensitive and wants a proof that the user is still there. Call POST /v1/me/reauthentication, then \
         repeat the request with the new access token. `max_age` is the number of seconds that a proof counts.";
    PermissionRequired = "permission_required", FORBIDDEN, "A permission is missing",
        "You are signed in, but may not do this. `permission` names what is missing. An administrator of your account who \
         holds it and `user_permissions` can grant it. Where you may do this to others, the user or the role holds what you \
         could not grant: then only somebody who could may touch it.";
    SessionRequired = "session_required", FORBIDDEN, "Only for people who are signed in",
        "You sent an API key, and this is what people do for themselves: a key has no password, no session and no second \
         factor. Everything else takes API keys.";
    NotFound = "not_found", NOT_FOUND, "Not found",
        "There is no such resource, or it belongs to another account: the two look the same on purpose.";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The method is not allowed here",
        "The path exists, but not with this method. The header `Allow` lists those it takes.";
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE, "No representation fits",
        "The header `Accept` asks for media types that this resource does not have. The detail lists those it has.";
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "The body came too slowly",
        "The body did not arrive in time. Nothing was changed; send the request again.";
    WrongStep = "wrong_step", CONFLICT, "The login stands at another step",
        "The login challenge waits for something else. `next` names the step; do that one.";
    Conflict = "conflict", CONFLICT, "The change does not fit the present state",
        "Somebody else changed the same thing, the name is taken, or the rules forbid the change in this state. The detail \
         says which. Read the resource again, then decide.";
    LimitReached = "limit_reached", CONFLICT, "The plan's limit is reached",
        "The account has as many users as its plan allows: `limits.max_users` of the account. Delete users, or ask the \
         platform's administrator for a larger plan. Nothing was changed.";
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, "The resource has changed",
        "The version in `If-Match` is no longer the current one. Read the resource again, apply the change to what it is now, \
         and send the new `ETag`.";
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "The body is too large",
        "The body is larger than the operation takes. The detail names the limit.";
    UriTooLong = "uri_too_long", URI_TOO_LONG, "The URL is too long",
        "Path and query together are longer than 8 KiB.";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The media type is not supported",
        "Send the body as `Content-Type: application/json`, in UTF-8 and without a `Content-Encoding`.";
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY, "Some fields cannot be used",
        "The body can be read, but fields are missing, of another type or out of bounds. `errors` lists each with a JSON \
         pointer, a code and a message. Nothing was changed.";
    PasswordRefused = "password_refused", UNPROCESSABLE_ENTITY, "The password does not meet the policy",
        "`errors` lists all rules that the new password fails: too_short, too_long, needs_uppercase, needs_lowercase, \
         needs_digit, needs_special, reused, common, breached, contains_context_word. The old password still counts.";
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The idempotency key was used for something else",
        "The same `Idempotency-Key` came earlier with another request. Use a new key for a new request.";
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS, "Too many attempts",
        "There were too many attempts. Wait as many seconds as `Retry-After` says. The reply is the same for users that exist \
         and for those that do not.";
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large",
        "The headers of the request are larger than 32 KiB together.";
    InternalError = "internal_error", INTERNAL_SERVER_ERROR, "Something went wrong on our side",
        "This is a fault of the service. The log has the reason under the request id in `instance`; tell the operator.";
    Overloaded = "overloaded", SERVICE_UNAVAILABLE, "The service is busy",
        "There is more to do than the machine can do in time. Nothing was changed. Try again after as many seconds as \
         `Retry-After` says.";
    DatabaseUnavailable = "database_unavailable", SERVICE_UNAVAILABLE, "The database cannot be reached",
        "The service runs but its database does not answer, or takes no writes because its disk is full or its server is \
         read-only. Try again after as many seconds as `Retry-After` says.";
}

impl Code {
    /// The code of this name.
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
