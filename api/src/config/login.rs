//! `[login]`

use serde::Deserialize;

use super::Invalid;

/// The login challenge.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Login {
    /// Seconds from the password to the session, whatever happens in between.
    pub challenge_seconds: u32,
    /// The least number of milliseconds that a failed sign-in takes; 0 leaves it to the hash. Set it longer than any
    /// password hash in the database takes, so that the time does not reveal which users exist.
    pub failed_takes_milliseconds: u32,
    /// The name of the product that people sign in to: passwords may not contain it.
    pub product_name: String,
}

impl Default for Login {
    fn default() -> Self {
        Self { challenge_seconds: 600, failed_takes_milliseconds: 250, product_name: "Latchkey".to_owned() }
    }
}

impl Login {
    /// Checks the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        Invalid::unless_within("login.challenge_seconds", self.challenge_seconds, 60..=3_600)?;
        Invalid::unless_within("login.failed_takes_milliseconds", self.failed_takes_milliseconds, 0..=10_000)
    }
}
