//! A user as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use service::{PasswordView, TwoFactorView, UserView};
use utoipa::ToSchema;
use uuid::Uuid;

/// A user of an account.
#[derive(Serialize, ToSchema)]
pub struct User {
    /// The id.
    #[schema(examples("01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"))]
    id: Uuid,
    /// The account that the user belongs to.
    #[schema(examples("01997f5e-8a4c-7c2e-9c55-2f1f6f3b9a10"))]
    account_id: Uuid,
    /// Sign-in name, unique in the account (case-insensitive).
    #[schema(examples("ann"))]
    username: String,
    /// Display name.
    #[schema(required = true, examples("Ann Example"))]
    display_name: Option<String>,
    /// Email address.
    #[schema(required = true, examples("ann@example.org"))]
    email: Option<String>,
    /// `active` or `disabled`. More values may be added.
    #[schema(examples("active"), extensions(("x-extensible-enum" = json!(["active", "disabled"]))))]
    status: String,
    /// All permissions that the user holds, granted directly or through a role. More permissions may be added.
    #[schema(examples(json!(["account_settings"])))]
    permissions: Vec<String>,
    /// The second factor.
    two_factor: UserTwoFactor,
    /// The password.
    password: UserPassword,
    /// When the lock after too many wrong passwords or codes ends; null if the user is not locked.
    #[schema(required = true, examples("2026-01-31T12:05:00Z"))]
    locked_until: Option<DateTime<Utc>>,
    /// When the user was created.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    created_at: DateTime<Utc>,
}

/// The state of a user's second factor.
#[derive(Serialize, ToSchema)]
pub struct UserTwoFactor {
    /// Whether the next sign-in requires a code, or the enrollment of a device.
    required: bool,
    /// `not_enrolled` (no device, whether or not one is required; see `required`), `enrolled`, or `asleep` (a device is
    /// enrolled, but the policy does not require it). The filter `two_factor` is finer: it calls a user without a
    /// device `not_asked` if none is required. More values may be added.
    #[schema(examples("enrolled"), extensions(("x-extensible-enum" = json!(["not_enrolled", "enrolled", "asleep"]))))]
    status: String,
}

/// The state of a user's password.
#[derive(Serialize, ToSchema)]
pub struct UserPassword {
    /// `not_set`; `valid`; `expiring`: expires within 14 days; `expired` or `change_required`: the user must choose a
    /// new password at the next sign-in. More values may be added.
    #[schema(
        examples("valid"),
        extensions(("x-extensible-enum" = json!(["not_set", "valid", "expiring", "expired", "change_required"])))
    )]
    status: String,
    /// When the password expires; null: never.
    #[schema(required = true, examples("2026-04-30T12:00:00Z"))]
    expires_at: Option<DateTime<Utc>>,
    /// The password policy that applies to the user.
    #[schema(examples("01997f62-5b0d-7e21-8c3a-94d1e0f7a233"))]
    policy_id: Uuid,
    /// Why this policy applies, in one sentence.
    #[schema(examples("This policy applies because it is assigned to the user."))]
    policy_reason: String,
}

impl From<UserView> for User {
    fn from(user: UserView) -> Self {
        Self {
            id: user.id.as_uuid(),
            account_id: user.account_id.as_uuid(),
            username: user.username,
            display_name: user.display_name,
            email: user.email,
            status: user.status,
            permissions: user.permissions,
            two_factor: user.two_factor.into(),
            password: user.password.into(),
            locked_until: user.locked_until,
            created_at: user.created_at,
        }
    }
}

impl From<TwoFactorView> for UserTwoFactor {
    fn from(two_factor: TwoFactorView) -> Self {
        Self { required: two_factor.required, status: two_factor.status }
    }
}

impl From<PasswordView> for UserPassword {
    fn from(password: PasswordView) -> Self {
        Self {
            status: password.status,
            expires_at: password.expires_at,
            policy_id: password.policy_id.as_uuid(),
            policy_reason: password.policy_reason,
        }
    }
}
