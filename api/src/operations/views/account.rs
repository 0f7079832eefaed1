//! An account as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use service::AccountView;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::operations::users::CreatedUser;

/// An account: a set of users and the rules for how they sign in.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// The id.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    id: Uuid,
    /// Short name that users type at sign-in. It cannot be changed.
    #[schema(examples("acme"))]
    slug: String,
    /// Display name. Authenticator apps show it as the issuer.
    #[schema(examples("Acme Inc."))]
    name: String,
    /// `active`; `suspended`: its users cannot sign in; or `deleting`: its users cannot sign in, and it is permanently
    /// deleted at `delete_at` unless the deletion is undone. More values may be added.
    #[schema(examples("active"), extensions(("x-extensible-enum" = json!(["active", "suspended", "deleting"]))))]
    status: String,
    /// When the account was suspended; null if it is not. The value is kept while the account is being deleted: if the
    /// deletion is undone, the account is suspended again.
    #[schema(required = true, examples(json!(null)))]
    suspended_at: Option<DateTime<Utc>>,
    /// When the account will be permanently deleted; null if it is not being deleted.
    #[schema(required = true, examples(json!(null)))]
    delete_at: Option<DateTime<Utc>>,
    /// What the account's plan allows.
    limits: AccountLimits,
    /// The number of users in the account, including disabled users.
    #[schema(minimum = 0, examples(12))]
    user_count: u32,
    /// When the account was created.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    created_at: DateTime<Utc>,
    /// The first administrator, with the activation code, which is shown only once. Present only in the reply that
    /// creates an account together with its first administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    first_administrator: Option<CreatedUser>,
}

impl Account {
    /// The new account with its first administrator.
    pub fn with(self, first_administrator: Option<CreatedUser>) -> Self {
        Self { first_administrator, ..self }
    }
}

/// What an account's plan allows.
#[derive(Serialize, ToSchema)]
pub struct AccountLimits {
    /// Maximum number of users, including disabled ones; null: unlimited. At the limit, no more users can be added (409
    /// `limit_reached`).
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
