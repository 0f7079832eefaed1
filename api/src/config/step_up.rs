//! `[step_up]`

use serde::Deserialize;

use super::Invalid;

/// How fresh a sign-in must be for sensitive operations (RFC 9470).
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StepUp {
    /// Seconds since the sign-in or the last `POST /v1/me/reauthentication`.
    pub max_age_seconds: u32,
}

impl Default for StepUp {
    fn default() -> Self {
        Self { max_age_seconds: 900 }
    }
}

impl StepUp {
    /// Checks the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        Invalid::unless_within("step_up.max_age_seconds", self.max_age_seconds, 60..=86_400)
    }
}
