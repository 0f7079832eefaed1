//! How a password stands, as others see it.

use kernel::{PasswordPolicyId, Time};
use serde::{Deserialize, Serialize};

/// How a user stands with the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordView {
    /// `not_set`, `valid`, `expiring` (within 14 days), `expired`, or `change_required`.
    pub status: String,
    /// When it has to be changed; `None`: never.
    pub expires_at: Option<Time>,
    /// The policy that applies to the user.
    pub policy_id: PasswordPolicyId,
    /// Why, in a sentence.
    pub policy_reason: String,
}
