//! Password policies: which passwords an account accepts, and how long they last.

mod applied;
mod assignments;
mod changes;
mod check;
mod conformance;
mod create;
mod delete;
pub(crate) mod history;
mod list;
mod password_view;
mod presets;
mod preview;
mod reach;
mod read;
mod read_assignments;
mod replace;
mod replace_assignments;
mod view;

pub(crate) use applied::{AppliedPolicy, Policies};
pub use assignments::{AssignmentsDraft, AssignmentsView};
pub use check::PasswordCheck;
pub(crate) use check::judge_text;
pub(crate) use create::PRIORITY;
pub use password_view::PasswordView;
pub use presets::{PresetView, password_policy_presets};
pub use preview::PasswordPolicyPreview;
pub(crate) use reach::by_policy;
pub use view::PasswordPolicyView;

use password_policy::PolicyDraft;

use crate::base::error::{Error, FieldError, Result};

/// A policy as an administrator requests it.
#[derive(Clone, Debug)]
pub struct PasswordPolicyDraft {
    /// Its contents.
    pub policy: PolicyDraft,
    /// Whether it becomes the account's default. `None`: as before; a new policy does not.
    pub is_default: Option<bool>,
}

/// Checks the contents of a policy.
fn parse(draft: PolicyDraft) -> Result<password_policy::PasswordPolicy> {
    let error = |error: &password_policy::FieldError| FieldError {
        pointer: error.pointer().to_owned(),
        code: error.code(),
        message: error.message().to_owned(),
    };
    password_policy::PasswordPolicy::new(draft).map_err(|errors| Error::Validation(errors.iter().map(error).collect()))
}

/// The name is the only thing of a policy that must be unique.
fn name_taken(why: store::StoreError) -> Error {
    match why {
        store::StoreError::UniqueViolation { .. } => {
            Error::Conflict("the account already has a password policy with this name".to_owned())
        }
        other => other.into(),
    }
}
