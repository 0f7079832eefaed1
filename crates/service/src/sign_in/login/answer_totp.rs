//! Answers a login with the six-digit code of the authenticator app.

use auth::challenge::Event;
use kernel::PlainToken;
use two_factor::Code;

use super::verify_totp::{TotpOutcome, verify_totp};
use crate::{
    base::{error::Result, idempotency::IdempotencyKey, model::Source, service::Service},
    sign_in::LoginResult,
};

impl Service {
    /// Answers with a code from the authenticator app.
    ///
    /// # Errors
    /// [`crate::base::error::Error::InvalidCode`], [`crate::base::error::Error::WrongStep`],
    /// [`crate::base::error::Error::ChallengeInvalid`], [`crate::base::error::Error::TooManyRequests`].
    pub async fn answer_totp(
        &self,
        token: PlainToken,
        key: Option<IdempotencyKey>,
        source: &Source,
        code: Code,
    ) -> Result<LoginResult> {
        self.take_step(token, key.as_ref(), source, Event::TotpCode { right: false }, move |tx, open| {
            let outcome = verify_totp(tx, &open.state, &code)?;
            if let TotpOutcome::Wrong(counted) = outcome {
                open.record_wrong_code(tx, "totp", counted);
            }
            Ok(Event::TotpCode { right: matches!(outcome, TotpOutcome::Right) })
        })
        .await
    }
}
