//! An API key as the API shows it.

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::Serialize;
use service::{ApiKeySecretView, ApiKeyView};
use utoipa::ToSchema;
use uuid::Uuid;

/// An API key: the credential of a program.
#[derive(Serialize, ToSchema)]
pub struct ApiKey {
    /// The id.
    #[schema(examples("01997f63-0c5d-7b12-8e4f-5a6b7c8d9e0f"))]
    id: Uuid,
    /// The account that the key belongs to.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: Uuid,
    /// Display name, unique in the account (case-insensitive).
    #[schema(examples("Nightly import"))]
    name: String,
    /// What the key is for.
    #[schema(required = true, examples("Runs on the HR server and imports new colleagues."))]
    description: Option<String>,
    /// Permissions that the key was given, by name. More permissions may be added.
    #[schema(examples(json!(["user_permissions"])))]
    permissions: Vec<String>,
    /// The permissions that take effect now: those that the user responsible for the newest secret could grant.
    #[schema(examples(json!(["user_permissions"])))]
    effective_permissions: Vec<String>,
    /// Where the key may call from. Empty: from anywhere.
    #[schema(examples(json!(["203.0.113.0/24", "2001:db8::7/128"])))]
    networks: Vec<String>,
    /// When the key expires; null: never.
    #[schema(required = true, examples("2026-12-31T23:00:00Z"))]
    expires_at: Option<DateTime<Utc>>,
    /// `active`, `expired` or `dormant`. A key is dormant when nobody is responsible for its secret any more: the user
    /// is disabled or deleted, or the API key that created the secret has expired or been revoked. Rotate the key to
    /// become responsible for it. More values may be added.
    #[schema(value_type = String, examples("active"))]
    status: &'static str,
    /// Who knows the newest secret; null if the user or API key that created it is gone.
    #[schema(required = true)]
    secret: Option<ApiKeySecret>,
    /// When the last of the older secrets stops working; null if none works.
    #[schema(required = true, examples("2026-02-01T12:00:00Z"))]
    older_secrets_end_at: Option<DateTime<Utc>>,
    /// When the key was last used, accurate to about a minute.
    #[schema(required = true, examples("2026-01-31T12:00:00Z"))]
    last_used_at: Option<DateTime<Utc>>,
    /// The address from which it was last used.
    #[schema(required = true, examples("203.0.113.7"))]
    last_used_from: Option<String>,
    /// When the key was created.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    created_at: DateTime<Utc>,
    /// When the key was last changed or rotated.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    updated_at: DateTime<Utc>,
}

/// Who knows a secret and is responsible for it.
#[derive(Serialize, ToSchema)]
pub struct ApiKeySecret {
    /// When the secret was created.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    created_at: DateTime<Utc>,
    /// The user responsible for it: whoever created or rotated the key. If an API key did, the user responsible for
    /// that key.
    #[schema(examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    user_id: Uuid,
    /// The account of that user: the key's own account or the platform's.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: Uuid,
    /// The API key that the secret was shown to; null if it was shown to the user.
    #[schema(required = true, examples("01997f63-0c5d-7b12-8e4f-5a6b7c8d9e0a"))]
    shown_to_key_id: Option<Uuid>,
}

/// A key with its secret. The secret is shown only once.
#[derive(Serialize, ToSchema)]
pub struct IssuedApiKey {
    /// The key.
    key: ApiKey,
    /// The bearer token that the program sends: `lk_key_` and 49 letters and digits, the last six of which are a
    /// checksum.
    #[schema(
        format = Password,
        pattern = "^lk_key_[0-9A-Za-z]{49}$",
        examples("lk_key_Zq3vT8kWm0RfXc5yLh2JdN7sBa9GpUe4iQoK1tVwSxY4EmF31")
    )]
    secret: String,
}

impl From<ApiKeyView> for ApiKey {
    fn from(key: ApiKeyView) -> Self {
        Self {
            id: key.id.as_uuid(),
            account_id: key.account_id.as_uuid(),
            name: key.name,
            description: key.description,
            permissions: key.permissions,
            effective_permissions: key.effective_permissions,
            networks: key.networks,
            expires_at: key.expires_at,
            status: key.status.as_str(),
            secret: key.secret.map(ApiKeySecret::from),
            older_secrets_end_at: key.older_secrets_end_at,
            last_used_at: key.last_used_at,
            last_used_from: key.last_used_from,
            created_at: key.created_at,
            updated_at: key.updated_at,
        }
    }
}

impl From<ApiKeySecretView> for ApiKeySecret {
    fn from(secret: ApiKeySecretView) -> Self {
        Self {
            created_at: secret.created_at,
            user_id: secret.user_id.as_uuid(),
            account_id: secret.account_id.as_uuid(),
            shown_to_key_id: secret.shown_to_key_id.map(kernel::Id::as_uuid),
        }
    }
}

impl From<service::IssuedApiKey> for IssuedApiKey {
    fn from(issued: service::IssuedApiKey) -> Self {
        Self { key: issued.key.into(), secret: issued.secret.expose_secret().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{PlainToken, TokenKind};
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn the_example_of_a_secret_could_be_one() {
        let schema = serde_json::to_value(IssuedApiKey::schema()).unwrap();
        let example = schema["properties"]["secret"]["examples"][0].as_str().unwrap().to_owned();
        assert!(PlainToken::parse(TokenKind::ApiKey, &example).is_ok(), "{example}");
    }
}
