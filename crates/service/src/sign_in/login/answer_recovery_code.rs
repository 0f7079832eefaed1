//! Accepts a recovery code instead of the authenticator app's code.

use auth::challenge::Event;
use store::tables::sign_in::recovery_codes;
use two_factor::RecoveryCode;

use crate::{
    base::{
        audit::{Action, Fact},
        error::Result,
        model::Source,
        service::Service,
        throttling,
    },
    sign_in::LoginResult,
};

impl Service {
    /// Answers with a recovery code, which is used up.
    ///
    /// # Errors
    /// [`crate::base::error::Error::InvalidCode`], [`crate::base::error::Error::WrongStep`],
    /// [`crate::base::error::Error::ChallengeInvalid`], [`crate::base::error::Error::TooManyRequests`].
    pub async fn answer_recovery_code(&self, token: &str, source: &Source, code: RecoveryCode) -> Result<LoginResult> {
        self.take_step(token, source, Event::RecoveryCode { right: false }, move |conn, audit, core, located, now| {
            let user = &located.standing.user;
            let (by_user, policy) =
                (throttling::code_of_user(user.account_id, user.id), &core.settings.throttles.code_of_user);
            throttling::right(conn, &by_user, policy, now)?;
            let right = recovery_codes::use_up(conn, user.account_id, user.id, code.digest(user.id), now)?;
            if right {
                throttling::clear(conn, &by_user)?;
                let left = recovery_codes::count_unused(conn, user.account_id, user.id)?;
                let used = located.event(Action::RecoveryCodeUsed);
                audit.record(user.account_id, used.with("recovery_codes_left", Fact::Number(left)));
            } else {
                let counted = throttling::wrong(conn, &by_user, policy, now)?;
                located.record_wrong_code(audit, "recovery_code", counted);
            }
            Ok(Event::RecoveryCode { right })
        })
        .await
    }
}
