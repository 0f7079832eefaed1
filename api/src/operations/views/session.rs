//! A session as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use service::SessionView;
use utoipa::ToSchema;
use uuid::Uuid;

/// A session: it begins when a user signs in, and ends when the user signs out or it expires or is revoked.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// The id, as in the claim `sid` of the session's access tokens.
    #[schema(examples("01997f61-3c1e-7d10-a2b7-0c4b7f9e1d55"))]
    id: Uuid,
    /// When the user signed in.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    created_at: DateTime<Utc>,
    /// When the session expires, even if it is in use.
    #[schema(examples("2026-03-02T12:00:00Z"))]
    expires_at: DateTime<Utc>,
    /// When the session expires if its tokens are not refreshed.
    #[schema(examples("2026-02-07T12:00:00Z"))]
    idle_expires_at: DateTime<Utc>,
    /// When the user last authenticated.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    auth_time: DateTime<Utc>,
    /// How the user authenticated (RFC 8176), such as `pwd` and `otp`. More values may be added.
    #[schema(value_type = Vec<String>, examples(json!(["pwd", "otp", "mfa"])))]
    amr: &'static [&'static str],
}

impl From<SessionView> for Session {
    fn from(session: SessionView) -> Self {
        Self {
            id: session.id.as_uuid(),
            created_at: session.created_at,
            expires_at: session.expires_at,
            idle_expires_at: session.idle_expires_at,
            auth_time: session.auth_time,
            amr: session.amr,
        }
    }
}
