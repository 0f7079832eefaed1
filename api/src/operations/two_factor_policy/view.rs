//! The policy as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use service::PolicyView;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who of an account is asked for a second factor at sign-in.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorPolicy {
    /// `disabled` (nobody), `all_users`, `selected_users` (who is listed) or `all_users_except` (who is not listed). More
    /// may come.
    #[schema(
        value_type = String,
        examples("selected_users"),
        extensions(("x-extensible-enum" = json!(["disabled", "all_users", "selected_users", "all_users_except"])))
    )]
    mode: &'static str,
    /// The list, for the two modes that have one. Absent when it is longer than 1,000: then page through
    /// `…/two-factor-policy/users`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    user_ids: Option<Vec<Uuid>>,
    /// How long the list is, for the two modes that have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(1))]
    user_count: Option<u64>,
    /// When the policy was last changed.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    updated_at: DateTime<Utc>,
}

impl From<PolicyView> for TwoFactorPolicy {
    fn from(policy: PolicyView) -> Self {
        Self {
            mode: policy.mode.as_str(),
            user_ids: policy.user_ids.map(|ids| ids.into_iter().map(kernel::UserId::as_uuid).collect()),
            user_count: policy.user_count,
            updated_at: policy.updated_at,
        }
    }
}
