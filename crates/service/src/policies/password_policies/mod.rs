//! Password policies: which passwords an account accepts, and how long they last.

mod applied;
mod assignments;
mod changes;
mod check;
mod conformance;
mod create;
mod delete;
mod draft;
pub(crate) mod history;
mod password_view;
mod presets;
mod preview;
mod reach;
mod read;
mod replace;
mod replace_assignments;
mod view;

pub(crate) use applied::{AppliedPolicy, Policies};
pub use assignments::{AssignmentsDraft, AssignmentsView};
pub use check::PasswordCheck;
pub(crate) use check::judge_text;
pub(crate) use create::PRIORITY;
pub use draft::PasswordPolicyDraft;
pub use password_view::PasswordView;
pub use presets::{PasswordPolicyPreset, password_policy_presets};
pub use preview::PasswordPolicyPreview;
pub(crate) use reach::by_policy;
pub use view::PasswordPolicyView;

use crate::base::error::Error;

/// The name is the only thing of a policy that must be unique.
fn name_taken(why: store::StoreError) -> Error {
    match why {
        store::StoreError::UniqueViolation { .. } => {
            Error::Conflict("the account already has a password policy with this name".to_owned())
        }
        other => other.into(),
    }
}
