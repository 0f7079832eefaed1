//! A recovery code instead of the six digits.

use auth::challenge::Event;
use store::tables::recovery_codes;
use two_factor::RecoveryCode;

use crate::{
    LoginResult, Result, Source,
    audit::{Action, Fact},
    service::Service,
    sign_in::attempts,
};

impl Service {
    /// Answers with a recovery code, which is used up.
    ///
    /// # Errors
    /// [`crate::Error::InvalidCode`], [`crate::Error::WrongStep`], [`crate::Error::ChallengeInvalid`],
    /// [`crate::Error::TooManyRequests`].
    pub async fn answer_recovery_code(&self, token: &str, source: &Source, code: RecoveryCode) -> Result<LoginResult> {
        self.take_step(token, source, Event::RecoveryCode { right: false }, move |conn, audit, core, located, now| {
            let user = &located.standing.user;
            let (by_user, policy) =
                (attempts::code_of_user(user.account_id, user.id), &core.settings.throttles.code_of_user);
            attempts::right(conn, &by_user, policy, now)?;
            let right = recovery_codes::use_up(conn, user.account_id, user.id, code.digest(user.id), now)?;
            if right {
                attempts::clear(conn, &by_user)?;
                let left = recovery_codes::count_unused(conn, user.account_id, user.id)?;
                let used = located.event(Action::RecoveryCodeUsed);
                audit.record(user.account_id, used.with("recovery_codes_left", Fact::Number(left)));
            } else {
                let counted = attempts::wrong(conn, &by_user, policy, now)?;
                located.record_wrong_code(audit, "recovery_code", counted);
            }
            Ok(Event::RecoveryCode { right })
        })
        .await
    }
}
