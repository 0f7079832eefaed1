//! Opens the session when the policy has stopped asking during a login.

use auth::challenge::Event;
use kernel::PlainToken;

use crate::{
    base::{error::Result, idempotency::IdempotencyKey, model::Source, service::Service},
    sign_in::LoginResult,
};

impl Service {
    /// Begins the session of a login that has no step left.
    ///
    /// # Errors
    /// [`crate::base::error::Error::WrongStep`] when there is one.
    pub async fn finish_login(
        &self,
        token: PlainToken,
        key: Option<IdempotencyKey>,
        source: &Source,
    ) -> Result<LoginResult> {
        // Never called: this answer belongs to no other step.
        self.take_step(token, key.as_ref(), source, Event::SessionAsked, |_, _| Ok(Event::SessionAsked)).await
    }
}
