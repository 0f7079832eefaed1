//! Accepts a recovery code instead of the authenticator app's code.

use auth::challenge::Event;
use kernel::PlainToken;
use store::tables::sign_in::recovery_codes;
use two_factor::RecoveryCode;

use crate::{
    base::{
        audit::{Action, Fact},
        error::Result,
        idempotency::IdempotencyKey,
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
    pub async fn answer_recovery_code(
        &self,
        token: PlainToken,
        key: Option<IdempotencyKey>,
        source: &Source,
        code: RecoveryCode,
    ) -> Result<LoginResult> {
        self.take_step(token, key.as_ref(), source, Event::RecoveryCode { right: false }, move |tx, open| {
            let user = &open.state.user;
            let (by_user, policy) =
                (throttling::code_of_user(user.account_id, user.id), &tx.core.settings.throttles.code_of_user);
            throttling::ensure_allowed(tx.conn, &by_user, policy, tx.now)?;
            let right = recovery_codes::use_up(tx.conn, user.account_id, user.id, code.digest(user.id), tx.now)?;
            if right {
                throttling::clear(tx.conn, &by_user)?;
                let left = recovery_codes::count_unused(tx.conn, user.account_id, user.id)?;
                let used = open.event(Action::RecoveryCodeUsed);
                tx.record(user.account_id, used.with("recovery_codes_left", Fact::Number(left)));
            } else {
                let counted = throttling::record_failure(tx.conn, &by_user, policy, tx.now)?;
                open.record_wrong_code(tx, "recovery_code", counted);
            }
            Ok(Event::RecoveryCode { right })
        })
        .await
    }
}
