//! What is wrong with a candidate for a password, as the API shows it.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::problem::FieldError;

/// A candidate for one's own password.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CheckOwnPassword {
    /// The candidate. It is neither kept nor logged.
    #[schema(value_type = String, format = Password, examples("a longer horse battery staple"))]
    pub password: SecretString,
}

/// What is wrong with a candidate for a password, and how long it would stand.
#[derive(Serialize, ToSchema)]
pub struct PasswordCheck {
    /// Whether it breaks no rule. It may still be refused for having been used before.
    acceptable: bool,
    /// The rules that it breaks, all of them: the codes of `password_refused`.
    failures: Vec<FieldError>,
    /// From 0 (guessed at once) to 4 (very hard to guess). An estimate, not a rule.
    #[schema(maximum = 4, examples(4))]
    score: u8,
    /// What is weak about it, in one sentence.
    #[schema(required = true, examples("This is a top-10 common password."))]
    warning: Option<String>,
    /// What would make it better, a sentence each; there is one where the score is below 3.
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
