//! An activation code as the API returns it.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use service::IssuedActivation;
use utoipa::ToSchema;

/// A code that lets the user set a password at `POST /v1/activations`. Shown only once.
#[derive(Serialize, ToSchema)]
pub struct Activation {
    /// The code. It works once. Give it to the user and to nobody else.
    #[schema(format = Password, examples("lk_act_2nq0XhCk2h7gXw8o5mIJ6WJb0b4bGq8mC1r2e3t4y5U"))]
    code: String,
    /// When the code expires.
    #[schema(examples("2026-02-07T12:00:00Z"))]
    expires_at: DateTime<Utc>,
}

impl Activation {
    /// The code that was issued.
    pub fn new(code: &SecretString, expires_at: DateTime<Utc>) -> Self {
        Self { code: code.expose_secret().to_owned(), expires_at }
    }
}

impl From<IssuedActivation> for Activation {
    fn from(issued: IssuedActivation) -> Self {
        Self { code: issued.code.expose().to_owned(), expires_at: issued.expires_at }
    }
}
