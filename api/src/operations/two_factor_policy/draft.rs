//! The policy as an administrator sends it.

use serde::Deserialize;
use service::PolicyDraft;
use utoipa::ToSchema;
use validator::Validate;

/// The new two-factor policy.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TwoFactorPolicyDraft {
    /// Which users need a second factor.
    mode: TwoFactorMode,
    /// The ids of the listed users. Only for `selected_users` and `all_users_except`. Every id must belong to a user of
    /// this account; the error names each one that does not.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, nullable = false, examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    user_ids: Option<Vec<String>>,
}

/// Which users need a second factor.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TwoFactorMode {
    /// No user.
    Disabled,
    /// All users.
    AllUsers,
    /// Only the listed users.
    SelectedUsers,
    /// All users except the listed ones.
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
