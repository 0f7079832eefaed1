//! The result of checking a password, as the API shows it.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::problem::FieldError;

/// A candidate for the user's new password.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CheckOwnPassword {
    /// The password to check. It is neither stored nor logged.
    #[schema(value_type = String, format = Password, examples("a longer horse battery staple"))]
    pub password: SecretString,
}

/// Which rules a password breaks, and how hard it is to guess.
#[derive(Serialize, ToSchema)]
pub struct PasswordCheck {
    /// Whether the password breaks no rule. It may still be refused because it was used before.
    acceptable: bool,
    /// All rules that the password breaks, with the codes of `password_refused`.
    failures: Vec<FieldError>,
    /// From 0 (guessed immediately) to 4 (very hard to guess). This is an estimate, not a rule.
    #[schema(maximum = 4, examples(4))]
    score: u8,
    /// Why the password is weak, in one sentence; null if there is nothing to say.
    #[schema(required = true, examples("This is a top-10 common password."))]
    warning: Option<String>,
    /// How to make the password stronger, one sentence each. Not empty if the score is below 3.
    #[schema(examples(json!(["Add another word or two. Uncommon words are better."])))]
    suggestions: Vec<String>,
}

impl From<service::PasswordCheck> for PasswordCheck {
    fn from(check: service::PasswordCheck) -> Self {
        Self {
            acceptable: check.failures.is_empty(),
            failures: check.failures.into_iter().map(FieldError::from).collect(),
            score: check.score,
            warning: check.warning,
            suggestions: check.suggestions,
        }
    }
}
