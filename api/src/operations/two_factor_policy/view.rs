//! The policy as the API shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use service::PolicyView;
use utoipa::ToSchema;
use uuid::Uuid;

/// Which users of an account need a second factor to sign in.
#[derive(Serialize, ToSchema)]
pub struct TwoFactorPolicy {
    /// Which users need a second factor: `disabled` (no user), `all_users`, `selected_users` (only the listed users) or
    /// `all_users_except` (all users except the listed ones). More values may be added.
    #[schema(
        value_type = String,
        examples("selected_users"),
        extensions(("x-extensible-enum" = json!(["disabled", "all_users", "selected_users", "all_users_except"])))
    )]
    mode: &'static str,
    /// The ids of the listed users. Empty in the two modes without a list. Absent if there are more than 1,000: page
    /// through `…/two-factor-policy/users` instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Option<Vec<Uuid>>,
    /// The number of listed users.
    #[schema(examples(1))]
    user_count: u64,
    /// When the policy was last changed.
    #[schema(examples("2026-01-31T12:00:00Z"))]
    updated_at: DateTime<Utc>,
}

impl From<PolicyView> for TwoFactorPolicy {
    fn from(policy: PolicyView) -> Self {
        let whole = |ids: Vec<kernel::UserId>| ids.into_iter().map(kernel::UserId::as_uuid).collect();
        Self {
            mode: policy.mode.as_str(),
            user_ids: if policy.mode.has_list() { policy.user_ids.map(whole) } else { Some(Vec::new()) },
            user_count: policy.user_count.unwrap_or_default(),
            updated_at: policy.updated_at,
        }
    }
}
