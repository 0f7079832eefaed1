//! The policy as an administrator writes it.

use serde::Deserialize;
use service::PolicyDraft;
use utoipa::ToSchema;
use validator::Validate;

/// Whom the policy is to ask.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TwoFactorPolicyDraft {
    /// Whom to ask.
    mode: TwoFactorMode,
    /// The list, for `selected_users` and `all_users_except` and for no other mode. Ids that are no users of this account
    /// are refused by name.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, nullable = false, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Option<Vec<String>>,
}

/// Whom a two-factor policy asks.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TwoFactorMode {
    /// Nobody.
    Disabled,
    /// Everybody.
    AllUsers,
    /// Who is on the list.
    SelectedUsers,
    /// Everybody but who is on the list.
    AllUsersExcept,
}

impl From<TwoFactorPolicyDraft> for PolicyDraft {
    fn from(draft: TwoFactorPolicyDraft) -> Self {
        let mode = match draft.mode {
            TwoFactorMode::Disabled => two_factor::Mode::Disabled,
            TwoFactorMode::AllUsers => two_factor::Mode::AllUsers,
            TwoFactorMode::SelectedUsers => two_factor::Mode::SelectedUsers,
            TwoFactorMode::AllUsersExcept => two_factor::Mode::AllUsersExcept,
        };
        Self { mode: mode.as_str().to_owned(), user_ids: draft.user_ids }
    }
}
