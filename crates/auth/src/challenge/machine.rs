//! The state of a challenge and its transitions.

use kernel::Time;

use super::{Demands, SecondFactorDemand};
use crate::Amr;

/// Wrong codes that end a challenge (ASVS 5.0 §6.6.3, NIST SP 800-63B-4 §3.2.2).
pub const MAX_WRONG_CODES: u8 = 5;

/// A second factor that was proven in this challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A code of the authenticator app; also the one that confirmed it.
    Totp,
    /// A recovery code.
    RecoveryCode,
}

/// Why a challenge is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It became a session.
    Completed,
    /// The user gave up.
    Abandoned,
    /// By [`MAX_WRONG_CODES`].
    TooManyWrongCodes,
    /// By an administrator, or by a change elsewhere that voids its proofs.
    Revoked,
}

impl Ended {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Abandoned => "abandoned",
            Self::TooManyWrongCodes => "too_many_wrong_codes",
            Self::Revoked => "revoked",
        }
    }

    /// The reason with this name in the database.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Completed, Self::Abandoned, Self::TooManyWrongCodes, Self::Revoked]
            .into_iter()
            .find(|ended| ended.as_str() == name)
    }
}

/// The state of a challenge. It exists only after the password was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The second factor, once proven.
    pub proof: Option<Proof>,
    /// How many wrong codes were typed.
    pub wrong_codes: u8,
    /// When it expires; no event changes this.
    pub expires_at: Time,
    /// Set once, permanently.
    pub ended: Option<Ended>,
}

/// What the user has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Scan the QR code and type the first code.
    TotpEnrollment,
    /// Type the code.
    Totp,
    /// Choose a new password.
    PasswordChange,
    /// Nothing: the session can begin.
    Session,
}

impl Next {
    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TotpEnrollment => "totp_enrollment",
            Self::Totp => "totp",
            Self::PasswordChange => "password_change",
            Self::Session => "session",
        }
    }
}

/// What the user did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Typed the code that confirms the new device.
    EnrollmentCode {
        /// Whether it was right.
        right: bool,
    },
    /// Typed a code of the app.
    TotpCode {
        /// Whether it was right, and not used before.
        right: bool,
    },
    /// Typed a recovery code.
    RecoveryCode {
        /// Whether it was right, and not used before.
        right: bool,
    },
    /// Chose a new password that the policy accepts.
    PasswordChanged,
    /// Asked for the session, since nothing else is required.
    SessionAsked,
    /// Gave up.
    Abandoned,
}

/// The result of an event; must be stored in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The new state of the challenge.
    pub challenge: Challenge,
    /// The answer to the user.
    pub answer: Answer,
}

/// The answer to the user's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The step is done; this one follows. With [`Next::Session`] the challenge is over and the session begins.
    Next(Next),
    /// The code was wrong; with no attempts left, the challenge is over.
    WrongCode {
        /// Codes that may still be tried.
        attempts_left: u8,
    },
    /// Given up.
    Abandoned,
}

/// Why an event changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The challenge has ended or expired.
    #[error("the challenge has ended")]
    Over,
    /// The challenge is at another step.
    #[error("the challenge is at another step")]
    WrongStep(Next),
}

impl Challenge {
    /// A new challenge: the password was right.
    pub const fn begin(expires_at: Time) -> Self {
        Self { proof: None, wrong_codes: 0, expires_at, ended: None }
    }

    /// Whether it can still be answered.
    pub fn is_open(&self, now: Time) -> bool {
        self.ended.is_none() && now < self.expires_at
    }

    /// Codes that may still be tried.
    pub const fn attempts_left(&self) -> u8 {
        MAX_WRONG_CODES.saturating_sub(self.wrong_codes)
    }

    /// The next step: what is demanded and not proven yet.
    pub const fn next(&self, demands: Demands) -> Next {
        match (demands.second_factor, self.proof) {
            // Also with a proof: it was given with a device that no longer exists.
            (SecondFactorDemand::Enrollment, None | Some(Proof::Totp | Proof::RecoveryCode)) => Next::TotpEnrollment,
            (SecondFactorDemand::Code, None) => Next::Totp,
            (SecondFactorDemand::Code, Some(Proof::Totp | Proof::RecoveryCode)) | (SecondFactorDemand::Nothing, _) => {
                if demands.password_change {
                    Next::PasswordChange
                } else {
                    Next::Session
                }
            }
        }
    }

    /// The authentication methods that the session will report.
    pub const fn amr(&self) -> Amr {
        match self.proof {
            None => Amr::Password,
            Some(Proof::Totp) => Amr::PasswordAndTotp,
            Some(Proof::RecoveryCode) => Amr::PasswordAndRecoveryCode,
        }
    }

    /// Checks whether `event` may be processed now: nothing is verified, and no code is used up, for a challenge that
    /// is over or at another step. Returns the current step.
    pub fn admit(&self, event: Event, demands: Demands, now: Time) -> Result<Next, Refused> {
        if !self.is_open(now) {
            return Err(Refused::Over);
        }
        let next = self.next(demands);
        let admitted = match (next, event) {
            (_, Event::Abandoned)
            | (Next::TotpEnrollment, Event::EnrollmentCode { .. })
            | (Next::Totp, Event::TotpCode { .. } | Event::RecoveryCode { .. })
            | (Next::PasswordChange, Event::PasswordChanged)
            // The policy has stopped asking: whatever the client was about to answer completes the login.
            | (
                Next::Session,
                Event::EnrollmentCode { .. } | Event::TotpCode { .. } | Event::RecoveryCode { .. } | Event::SessionAsked,
            ) => true,
            (Next::TotpEnrollment, Event::TotpCode { .. } | Event::RecoveryCode { .. })
            | (Next::Totp, Event::EnrollmentCode { .. })
            | (Next::PasswordChange, Event::EnrollmentCode { .. } | Event::TotpCode { .. } | Event::RecoveryCode { .. })
            | (Next::TotpEnrollment | Next::Totp | Next::Session, Event::PasswordChanged)
            | (Next::TotpEnrollment | Next::Totp | Next::PasswordChange, Event::SessionAsked) => false,
        };
        if admitted { Ok(next) } else { Err(Refused::WrongStep(next)) }
    }

    /// Applies `event` to the challenge. `demands` are the current ones, before the event.
    pub fn apply(self, event: Event, demands: Demands, now: Time) -> Result<Outcome, Refused> {
        let stands_at = self.admit(event, demands, now)?;
        if event == Event::Abandoned {
            let challenge = Self { ended: Some(Ended::Abandoned), ..self };
            return Ok(Outcome { challenge, answer: Answer::Abandoned });
        }
        if stands_at == Next::Session {
            return Ok(self.completed());
        }
        match event {
            Event::EnrollmentCode { right: false }
            | Event::TotpCode { right: false }
            | Event::RecoveryCode { right: false } => Ok(self.wrong_code()),
            Event::EnrollmentCode { right: true } => {
                // From here on the device exists.
                Ok(self.proven(Proof::Totp, Demands { second_factor: SecondFactorDemand::Code, ..demands }))
            }
            Event::TotpCode { right: true } => Ok(self.proven(Proof::Totp, demands)),
            Event::RecoveryCode { right: true } => Ok(self.proven(Proof::RecoveryCode, demands)),
            Event::PasswordChanged => Ok(self.proceed(Demands { password_change: false, ..demands })),
            Event::SessionAsked | Event::Abandoned => Err(Refused::WrongStep(stands_at)),
        }
    }

    fn proven(self, proof: Proof, demands: Demands) -> Outcome {
        Self { proof: Some(proof), ..self }.proceed(demands)
    }

    fn proceed(self, demands: Demands) -> Outcome {
        match self.next(demands) {
            Next::Session => self.completed(),
            next @ (Next::TotpEnrollment | Next::Totp | Next::PasswordChange) => {
                Outcome { challenge: self, answer: Answer::Next(next) }
            }
        }
    }

    fn completed(self) -> Outcome {
        let challenge = Self { ended: Some(Ended::Completed), ..self };
        Outcome { challenge, answer: Answer::Next(Next::Session) }
    }

    fn wrong_code(self) -> Outcome {
        let mut challenge = Self { wrong_codes: self.wrong_codes.saturating_add(1), ..self };
        let attempts_left = challenge.attempts_left();
        if attempts_left == 0 {
            challenge.ended = Some(Ended::TooManyWrongCodes);
        }
        Outcome { challenge, answer: Answer::WrongCode { attempts_left } }
    }
}
