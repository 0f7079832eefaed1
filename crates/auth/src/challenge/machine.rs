//! The state of a challenge and what each event makes of it.

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
    /// By the user.
    Abandoned,
    /// By [`MAX_WRONG_CODES`].
    TooManyWrongCodes,
    /// By an administrator, or by a change elsewhere that makes its proofs void.
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

/// What has happened in a challenge so far. The password is proven, or there would be none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The second factor, once proven.
    pub proof: Option<Proof>,
    /// How many wrong codes were typed.
    pub wrong_codes: u8,
    /// When it ends by itself; no event moves this.
    pub expires_at: Time,
    /// Set once and for good.
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
    /// Typed the code that confirms the new device; right or wrong.
    EnrollmentCode {
        /// Whether it was right.
        right: bool,
    },
    /// Typed a code of the app; right or wrong.
    TotpCode {
        /// Whether it was right, and for the first time.
        right: bool,
    },
    /// Typed a recovery code; right or wrong.
    RecoveryCode {
        /// Whether it was right, and for the first time.
        right: bool,
    },
    /// Chose a new password that the policy accepts.
    PasswordChanged,
    /// Asked for the session, since nothing else is demanded.
    SessionAsked,
    /// Gave up.
    Abandoned,
}

/// What an event made of the challenge; to be written down whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The challenge from now on.
    pub challenge: Challenge,
    /// What the user gets to know.
    pub answer: Answer,
}

/// What the user gets to know of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The step is done; this one follows. With [`Next::Session`] the challenge is over and the session begins.
    Next(Next),
    /// The code was wrong; so many more may be tried. None left: the challenge is over.
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
    #[error("the challenge is over")]
    Over,
    /// The challenge stands at another step.
    #[error("the challenge stands at another step")]
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

    /// What is demanded and not proven yet.
    pub const fn next(&self, demands: Demands) -> Next {
        match (demands.second_factor, self.proof) {
            // Also with a proof: it was given with a device that is no more.
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

    /// The proofs that the session will tell of.
    pub const fn amr(&self) -> Amr {
        match self.proof {
            None => Amr::Password,
            Some(Proof::Totp) => Amr::PasswordAndTotp,
            Some(Proof::RecoveryCode) => Amr::PasswordAndRecoveryCode,
        }
    }

    /// Whether `event` may be looked at now: nothing is verified, and no code is used up, for a challenge that is over or
    /// stands elsewhere. The step at which it stands is told back.
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

    /// What `event` makes of the challenge. `demands` are those of this moment, before the event.
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
                // From here on the device is there.
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
