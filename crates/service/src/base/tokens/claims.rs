//! The claims of an access token.

use serde::{Deserialize, Serialize};

/// The claims of an access token (RFC 9068 §2.2). Times are seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// The user's id.
    pub sub: String,
    /// The session's id.
    pub sid: String,
    /// The account's id.
    pub account: String,
    /// What the user held when it was issued.
    pub permissions: Vec<String>,
    /// How the user proved their identity (RFC 8176).
    pub amr: Vec<String>,
    /// When the user last did.
    pub auth_time: i64,
    /// When it was issued.
    pub iat: i64,
    /// When it becomes valid.
    pub nbf: i64,
    /// When it expires.
    pub exp: i64,
    /// Its own id.
    pub jti: String,
}
