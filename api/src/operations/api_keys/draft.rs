//! An API key as a client describes it.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Definition of an API key.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyDraft {
    /// Display name, unique in the account (case-insensitive).
    #[schema(min_length = 1, max_length = 100, examples("Nightly import"))]
    name: String,
    /// What the key is for.
    #[schema(min_length = 1, max_length = 500, examples("Runs on the HR server and imports new colleagues."))]
    description: Option<String>,
    /// Permissions of the key, by name (`GET /v1/permissions` lists them). You can give only permissions that you could
    /// grant to a user. Permissions of applications must be registered.
    #[schema(max_items = 200, examples(json!(["user_permissions"])))]
    #[validate(length(max = 200))]
    permissions: Vec<String>,
    /// Where the key may call from: networks in CIDR notation or single addresses, IPv4 or IPv6. Empty: from anywhere.
    #[serde(default)]
    #[schema(max_items = 50, examples(json!(["203.0.113.0/24", "2001:db8::7"])))]
    #[validate(length(max = 50))]
    networks: Vec<String>,
    /// When the key expires; null: never.
    #[schema(examples("2026-12-31T23:00:00Z"))]
    expires_at: Option<DateTime<Utc>>,
}

impl From<ApiKeyDraft> for service::ApiKeyDraft {
    fn from(draft: ApiKeyDraft) -> Self {
        let ApiKeyDraft { name, description, permissions, networks, expires_at } = draft;
        Self { name, description, permissions, networks, expires_at }
    }
}
