//! Confirms a new device with its first code.

use auth::challenge::{Event, Next};
use kernel::PlainToken;
use store::tables::{
    jobs::imported_users,
    sign_in::{
        authenticators::{self, Authenticator},
        known_factors,
    },
};
use two_factor::{Code, RecoveryCode, verify};

use super::{asked_again::keep, enrollment::open_secret, open_challenge::OpenChallenge};
use crate::{
    base::{
        audit::Action,
        error::{Result, Verdict},
        idempotency::IdempotencyKey,
        model::Source,
        service::Service,
        throttling,
        tx::Tx,
    },
    sign_in::{LoginResult, Repeatable, new_recovery_codes},
};

/// A device was confirmed.
#[derive(Debug)]
pub struct EnrollmentConfirmed {
    /// Shown only now. Empty when the policy has stopped asking during the login, and nothing was enrolled.
    pub recovery_codes: Vec<RecoveryCode>,
    /// How the login continues.
    pub result: LoginResult,
}

impl Service {
    /// Confirms the device whose QR code this login has shown. It is the user's second factor now, and the code that
    /// confirmed it is used up.
    ///
    /// # Errors
    /// [`crate::base::error::Error::InvalidCode`], [`crate::base::error::Error::WrongStep`],
    /// [`crate::base::error::Error::ChallengeInvalid`].
    pub async fn confirm_totp_enrollment(
        &self,
        token: PlainToken,
        key: Option<IdempotencyKey>,
        source: &Source,
        code: Code,
    ) -> Result<EnrollmentConfirmed> {
        let repeatable = Repeatable::new(key.as_ref(), &token);
        let (digest, source, now) = (token.digest(), source.clone(), self.core.now());
        let verdict: Verdict<_> = self
            .transact_at(now, move |tx| {
                let open = OpenChallenge::by_token(tx.conn, digest, &source)?;
                if let Some(shown) = open.given_before(tx, repeatable)? {
                    return Ok(Ok(shown));
                }
                let owner = open.owner();
                let demands = open.demands(tx.now)?;
                let next = open.stored.challenge.admit(Event::EnrollmentCode { right: false }, demands, tx.now)?;
                let mut new_codes = Vec::new();
                let mut event = Event::SessionAsked;
                if next == Next::TotpEnrollment {
                    let user = &open.state.user;
                    let by_user = throttling::code_of_user(user.account_id, user.id);
                    let policy = &tx.core.settings.throttles.code_of_user;
                    throttling::ensure_allowed(tx.conn, &by_user, policy, tx.now)?;
                    let device = confirmed_device(tx, &open, &code)?;
                    if device.is_none() {
                        let counted = throttling::record_failure(tx.conn, &by_user, policy, tx.now)?;
                        open.record_wrong_code(tx, "enrollment", counted);
                    }
                    if let Some(device) = &device {
                        throttling::clear(tx.conn, &by_user)?;
                        authenticators::insert(tx.conn, device)?;
                        // Somebody who knows the password may be the one who enrolls.
                        if let Some(importer) = imported_users::knows_password(tx.conn, user.account_id, user.id)? {
                            known_factors::insert(tx.conn, user.account_id, user.id, importer)?;
                        }
                        new_codes = new_recovery_codes(tx, user)?;
                        tx.record(user.account_id, open.event(Action::TwoFactorEnrolled));
                    }
                    event = Event::EnrollmentCode { right: device.is_some() };
                }
                let outcome = open.stored.challenge.apply(event, demands, tx.now)?;
                let open = open.refreshed(tx.conn)?;
                match open.conclude(tx, outcome)? {
                    Ok(step) => keep(tx, repeatable, owner, (step, new_codes)).map(Ok),
                    Err(wrong) => Ok(Err(wrong)),
                }
            })
            .await;
        let (step, recovery_codes) = verdict??;
        Ok(EnrollmentConfirmed { recovery_codes, result: step.into_result(&self.core, token, now)? })
    }
}

/// The device, if `code` is one that an app with this login's QR code shows.
fn confirmed_device(tx: &Tx<'_>, open: &OpenChallenge, code: &Code) -> Result<Option<Authenticator>> {
    let user = &open.state.user;
    // Whoever has not fetched the QR code cannot know a code.
    let Some(sealed) = &open.stored.sealed_secret else { return Ok(None) };
    let secret = open_secret(tx.core, user.id.as_bytes(), sealed)?;
    let step = verify(&secret, code, tx.now, None);
    Ok(step.map(|last_step| Authenticator {
        account_id: user.account_id,
        user_id: user.id,
        sealed_secret: sealed.clone(),
        by_choice: false,
        last_step,
        confirmed_at: tx.now,
    }))
}
