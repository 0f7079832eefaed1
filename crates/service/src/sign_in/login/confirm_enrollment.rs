//! Confirms a new device with its first code.

use std::sync::Arc;

use auth::challenge::{Event, Next};
use kernel::{OsRandom, Time};
use store::tables::{
    jobs::imported_users,
    sign_in::{
        authenticators::{self, Authenticator},
        known_factors, recovery_codes,
    },
};
use two_factor::{Code, RecoveryCode, verify};

use super::{
    enrollment::open_secret,
    located::{Located, Step, parse_token},
};
use crate::{
    base::{
        audit::Action,
        error::{Result, Verdict},
        model::Source,
        service::{Core, Service},
        throttling,
    },
    sign_in::LoginResult,
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
        token: &str,
        source: &Source,
        code: Code,
    ) -> Result<EnrollmentConfirmed> {
        let token = parse_token(token)?;
        let (digest, core, source, now) = (token.digest(), Arc::clone(&self.core), source.clone(), self.core.now());
        let verdict: Verdict<_> = self
            .write(move |conn, audit| {
                let located = Located::by_token(conn, digest, &source)?;
                let demands = located.demands(now)?;
                let next = located.stored.challenge.admit(Event::EnrollmentCode { right: false }, demands, now)?;
                let mut new_codes = Vec::new();
                let mut event = Event::SessionAsked;
                if next == Next::TotpEnrollment {
                    let user = &located.standing.user;
                    let by_user = throttling::code_of_user(user.account_id, user.id);
                    let policy = &core.settings.throttles.code_of_user;
                    throttling::right(conn, &by_user, policy, now)?;
                    let device = confirmed_device(&core, &located, &code, now)?;
                    if device.is_none() {
                        let counted = throttling::wrong(conn, &by_user, policy, now)?;
                        located.record_wrong_code(audit, "enrollment", counted);
                    }
                    if let Some(device) = &device {
                        throttling::clear(conn, &by_user)?;
                        authenticators::insert(conn, device)?;
                        // Somebody who knows the password may be the one who enrolls.
                        if let Some(importer) = imported_users::knows_password(conn, user.account_id, user.id)? {
                            known_factors::insert(conn, user.account_id, user.id, importer)?;
                        }
                        new_codes = RecoveryCode::generate_set(&mut OsRandom).into();
                        let digests: Vec<_> = new_codes.iter().map(|code| code.digest(user.id)).collect();
                        recovery_codes::replace(conn, user.account_id, user.id, &digests)?;
                        audit.record(user.account_id, located.event(Action::TwoFactorEnrolled));
                    }
                    event = Event::EnrollmentCode { right: device.is_some() };
                }
                let outcome = located.stored.challenge.apply(event, demands, now)?;
                let located = located.refreshed(conn)?;
                let step = located.conclude(conn, audit, &core, outcome, now)?;
                Ok(step.map(|step: Step| (step, new_codes)))
            })
            .await;
        let (step, recovery_codes) = verdict??;
        Ok(EnrollmentConfirmed { recovery_codes, result: step.into_result(&self.core, token, now)? })
    }
}

/// The device, if `code` is one that an app with this login's QR code shows.
fn confirmed_device(core: &Core, located: &Located, code: &Code, now: Time) -> Result<Option<Authenticator>> {
    let user = &located.standing.user;
    // Whoever has not fetched the QR code cannot know a code.
    let Some(sealed) = &located.stored.sealed_secret else { return Ok(None) };
    let secret = open_secret(core, user.id.as_bytes(), sealed)?;
    let step = verify(&secret, code, now, None);
    Ok(step.map(|last_step| Authenticator {
        account_id: user.account_id,
        user_id: user.id,
        sealed_secret: sealed.clone(),
        by_choice: false,
        last_step,
        confirmed_at: now,
    }))
}
