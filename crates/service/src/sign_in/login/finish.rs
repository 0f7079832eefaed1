//! Opens the session when the policy has stopped asking during a login.

use auth::challenge::Event;
use kernel::PlainToken;

use crate::{
    base::{error::Result, model::Source, service::Service},
    sign_in::LoginResult,
};

impl Service {
    /// Begins the session of a login that has no step left.
    ///
    /// # Errors
    /// [`crate::base::error::Error::WrongStep`] when there is one.
    pub async fn finish_login(&self, token: PlainToken, source: &Source) -> Result<LoginResult> {
        // Never called: this answer belongs to no other step.
        self.take_step(token, source, Event::SessionAsked, |_, _| Ok(Event::SessionAsked)).await
    }
}
