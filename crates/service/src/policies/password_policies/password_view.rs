//! The state of a password.

use kernel::{PasswordPolicyId, Time};
use serde::{Deserialize, Serialize};

/// The state of a user's password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordView {
    /// `not_set`, `valid`, `expiring` (within 14 days), `expired`, or `change_required`.
    pub status: String,
    /// When it must be changed; `None`: never.
    pub expires_at: Option<Time>,
    /// The policy that applies to the user.
    pub policy_id: PasswordPolicyId,
    /// Why it applies, in a sentence.
    pub policy_reason: String,
}
