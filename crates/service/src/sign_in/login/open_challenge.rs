//! Finds the challenge of a token, and concludes its steps.

use auth::challenge::{Answer, Demands, Next, Outcome, Refused};
use kernel::{AccountId, Time, TokenDigest, UserId};
use store::{
    Conn,
    tables::sign_in::{
        challenges::{self, StoredChallenge},
        known_sources, recovery_codes,
    },
};

use super::login_step::LoginStep;
use crate::{
    base::{
        audit::{Action, Event},
        error::{Error, Result, Verdict},
        model::Source,
        throttling::Counted,
        tx::Tx,
    },
    sign_in::{Issued, PasswordChangeStep, SignInState, TotpStep, open_session, record_failure},
};

/// A challenge whose user is locked until the transaction ends.
pub(super) struct OpenChallenge {
    pub(super) stored: StoredChallenge,
    pub(super) state: SignInState,
    /// Where the answer comes from.
    pub(super) source: Source,
}

impl OpenChallenge {
    /// An event of this login: its user did `action`.
    pub(super) fn event(&self, action: Action) -> Event {
        self.source.user(&self.state.user, action).on(&self.state.user)
    }

    /// The account and the user.
    pub(super) const fn owner(&self) -> (AccountId, UserId) {
        (self.state.user.account_id, self.state.user.id)
    }

    /// Finds the challenge and locks its user: no other step of this user's logins runs until the transaction ends.
    pub(super) fn by_token(conn: &mut Conn, token: TokenDigest, source: &Source) -> Result<Self> {
        let owner = challenges::by_token(conn, token)?.ok_or(Error::ChallengeInvalid)?;
        let state = SignInState::lock_active(conn, owner.account_id, owner.user_id)?.ok_or(Error::ChallengeInvalid)?;
        // Again: another step may have ended while this one waited for the lock.
        let stored = challenges::by_token(conn, token)?.ok_or(Error::ChallengeInvalid)?;
        Ok(Self { stored, state, source: source.clone() })
    }

    /// Records that a code was wrong; `kind`: of which kind.
    pub(super) fn record_wrong_code(&self, tx: &mut Tx<'_>, kind: &str, counted: Counted) {
        // This one is not counted in the challenge yet.
        let attempts_left = self.stored.challenge.attempts_left().saturating_sub(1);
        let event = self.event(Action::LoginCodeRejected).with("kind", kind);
        let event = event.with("attempts_left", u32::from(attempts_left));
        record_failure(tx, self.state.account.id, event, counted);
    }

    /// What the current policies require besides the password.
    pub(super) fn demands(&self, now: Time) -> Result<Demands> {
        self.state.demands(&self.stored.judged, now)
    }

    /// The same after this transaction has changed the user or the device.
    pub(super) fn refreshed(self, conn: &mut Conn) -> Result<Self> {
        let user = &self.state.user;
        let state = SignInState::lock_active(conn, user.account_id, user.id)?.ok_or(Error::ChallengeInvalid)?;
        Ok(Self { state, ..self })
    }

    /// The next step of the challenge, if it is still open.
    pub(super) fn next(&self, now: Time) -> Result<Next> {
        if self.stored.challenge.is_open(now) {
            Ok(self.stored.challenge.next(self.demands(now)?))
        } else {
            Err(Error::ChallengeInvalid)
        }
    }

    /// Saves what an event has made of the challenge, and begins the session when no step is left. A wrong code is an
    /// error for the caller, but is committed.
    pub(super) fn conclude(mut self, tx: &mut Tx<'_>, outcome: Outcome) -> Verdict<LoginStep> {
        self.stored.challenge = outcome.challenge;
        challenges::save(tx.conn, &self.stored)?;
        match outcome.answer {
            Answer::Next(Next::Session) => {
                let StoredChallenge { account_id, user_id, source_digest, .. } = self.stored;
                known_sources::remember(tx.conn, account_id, user_id, source_digest, tx.now)?;
                let amr = self.stored.challenge.amr();
                let opened = open_session(tx, &self.source, &self.state, amr)?;
                Ok(Ok(LoginStep::Session(Issued::Unsigned(Box::new(opened)))))
            }
            Answer::Next(next @ (Next::TotpEnrollment | Next::Totp | Next::PasswordChange)) => {
                // Only a code leads to another step.
                let accepted = self.event(Action::LoginCodeAccepted).with("next", next.as_str());
                tx.record(self.state.account.id, accepted);
                Ok(Ok(self.step(tx.conn, next, tx.now)?))
            }
            Answer::WrongCode { attempts_left } => Ok(Err(Error::InvalidCode { attempts_left: Some(attempts_left) })),
            Answer::Abandoned => Ok(Err(Error::ChallengeInvalid)),
        }
    }

    /// What the user must do at the step `next`.
    pub(super) fn step(&self, conn: &mut Conn, next: Next, now: Time) -> Result<LoginStep> {
        let user = &self.state.user;
        let totp = if next == Next::Totp {
            let left = recovery_codes::count_unused(conn, user.account_id, user.id)?;
            Some(TotpStep {
                attempts_left: self.stored.challenge.attempts_left(),
                recovery_codes_left: u32::try_from(left).unwrap_or(0),
            })
        } else {
            None
        };
        let password_change = if next == Next::PasswordChange {
            Some(PasswordChangeStep { reasons: self.state.reasons_for_change(&self.stored.judged, now)? })
        } else {
            None
        };
        Ok(LoginStep::Challenge { expires_at: self.stored.challenge.expires_at, next, totp, password_change })
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Over => Self::ChallengeInvalid,
            Refused::WrongStep(next) => Self::WrongStep { next },
        }
    }
}
