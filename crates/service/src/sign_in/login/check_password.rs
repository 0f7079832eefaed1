//! Checks the new password that a login requires, while it is being typed.

use std::sync::Arc;

use auth::challenge::Event;
use kernel::PlainToken;
use secrecy::SecretString;

use super::open_challenge::OpenChallenge;
use crate::{
    base::{error::Result, model::Source, service::Service, throttling},
    policies::password_policies::{PasswordCheck, judge_text},
    sign_in::rules_and_context,
};

impl Service {
    /// Checks a candidate for the user of a login that requires a new password. Nothing of it is stored. It is not
    /// compared with earlier passwords.
    ///
    /// # Errors
    /// [`crate::base::error::Error::WrongStep`], [`crate::base::error::Error::ChallengeInvalid`],
    /// [`crate::base::error::Error::TooManyRequests`].
    pub async fn check_password_at_login(
        &self,
        token: &PlainToken,
        source: &Source,
        password: SecretString,
    ) -> Result<PasswordCheck> {
        let digest = token.digest();
        let (core, source, now) = (Arc::clone(&self.core), source.clone(), self.core.now());
        let (rules, context) = self
            .store
            .write(move |conn| {
                let open = OpenChallenge::by_token(conn, digest, &source)?;
                open.stored.challenge.admit(Event::PasswordChanged, open.demands(now)?, now)?;
                throttling::count_password_check(
                    conn,
                    open.state.user.id.as_bytes(),
                    &core.settings.throttles.password_checks,
                    now,
                )?;
                Ok::<_, crate::base::error::Error>(rules_and_context(&core, &open.state))
            })
            .await?;
        judge_text(password, rules, context).await
    }
}
