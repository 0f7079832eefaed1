//! The session, when the policy has stopped asking in mid-login.

use auth::challenge::Event;

use crate::{
    base::{error::Result, model::Source, service::Service},
    sign_in::LoginResult,
};

impl Service {
    /// Begins the session of a login at which nothing is left to do.
    ///
    /// # Errors
    /// [`crate::base::error::Error::WrongStep`] when something is.
    pub async fn finish_login(&self, token: &str, source: &Source) -> Result<LoginResult> {
        // Never looked at: this answer belongs to no other step.
        self.take_step(token, source, Event::SessionAsked, |_, _, _, _, _| Ok(Event::SessionAsked)).await
    }
}
