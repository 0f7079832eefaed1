//! An account as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use service::AccountView;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::operations::users::CreatedUser;

/// An account: the unit that decides how its people sign in.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// The id.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    id: Uuid,
    /// The short name that users type at sign-in. It stays.
    #[schema(examples("acme"))]
    slug: String,
    /// The name for people; authenticator apps show it as the issuer.
    #[schema(examples("Acme Inc."))]
    name: String,
    /// `active`; `suspended`: nobody of it signs in; or `deleting`: nobody does, and it is deleted at `delete_at` unless
    /// that is undone. More may come.
    #[schema(examples("active"), extensions(("x-extensible-enum" = json!(["active", "suspended", "deleting"]))))]
    status: String,
    /// Since when the account is suspended; null if it is not. It stays while the account is being deleted, so that an
    /// undone deletion leads back there.
    #[schema(required = true, examples(json!(null)))]
    suspended_at: Option<DateTime<Utc>>,
    /// From when on the account is deleted for good; null if it is not being deleted.
    #[schema(required = true, examples(json!(null)))]
    delete_at: Option<DateTime<Utc>>,
    /// What the account's plan allows.
    limits: AccountLimits,
    /// How many users the account has, disabled ones included.
    #[schema(minimum = 0, examples(12))]
    user_count: u32,
    /// When the account was created.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    created_at: DateTime<Utc>,
    /// Only in the reply that creates an account together with its first administrator: that user with the activation code,
    /// shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    first_administrator: Option<CreatedUser>,
}

impl Account {
    /// The new account with who administers it.
    pub fn with(self, first_administrator: Option<CreatedUser>) -> Self {
        Self { first_administrator, ..self }
    }
}

/// What an account's plan allows.
#[derive(Serialize, ToSchema)]
pub struct AccountLimits {
    /// The greatest number of users, disabled ones included; null: as many as the account likes. Above it no more can be
    /// added (409 `limit_reached`).
    #[schema(required = true, minimum = 0, maximum = 1_000_000_000, examples(100))]
    max_users: Option<u32>,
}

impl From<AccountView> for Account {
    fn from(account: AccountView) -> Self {
        Self {
            id: account.id.as_uuid(),
            slug: account.slug,
            name: account.name,
            status: account.status,
            suspended_at: account.suspended_at,
            delete_at: account.delete_at,
            limits: AccountLimits { max_users: account.max_users },
            user_count: account.user_count,
            created_at: account.created_at,
            first_administrator: None,
        }
    }
}
