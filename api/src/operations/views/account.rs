//! An account as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An account: the unit that decides how its people sign in.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// The id.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    id: Uuid,
    /// The short name that users type at sign-in.
    #[schema(examples("acme"))]
    slug: String,
    /// The name for people; authenticator apps show it as the issuer.
    #[schema(examples("Acme Inc."))]
    name: String,
    /// `active`. More may come.
    #[schema(value_type = String, examples("active"), extensions(("x-extensible-enum" = json!(["active"]))))]
    status: &'static str,
    /// When the account was created.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    created_at: DateTime<Utc>,
}

impl From<service::Account> for Account {
    fn from(account: service::Account) -> Self {
        Self {
            id: account.id.as_uuid(),
            slug: account.slug,
            name: account.name,
            status: "active",
            created_at: account.created_at,
        }
    }
}
