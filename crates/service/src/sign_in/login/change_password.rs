//! Sets the new password that a login requires.

use auth::challenge::Event;
use kernel::PlainToken;
use password_policy::Password;

use super::open_challenge::OpenChallenge;
use crate::{
    base::{
        audit::{Action, Outcome},
        error::{Error, Result, Verdict},
        model::Source,
        service::Service,
        throttling,
    },
    sign_in::{LoginResult, NewPassword, Owner, ProvenBy, Written, waiting},
};

impl Service {
    /// Sets the new password. All other logins and sessions of the user end.
    ///
    /// # Errors
    /// [`Error::PasswordRefused`], [`Error::WrongStep`], [`Error::ChallengeInvalid`], [`Error::TooManyRequests`].
    pub async fn change_password_at_login(
        &self,
        token: PlainToken,
        source: &Source,
        new_password: Password,
    ) -> Result<LoginResult> {
        let (digest, now) = (token.digest(), self.core.now());
        let (from, source) = (source.clone(), source.clone());
        let owner = self
            .transact_at(now, move |tx| {
                let open = OpenChallenge::by_token(tx.conn, digest, &from)?;
                open.stored.challenge.admit(Event::PasswordChanged, open.demands(tx.now)?, tx.now)?;
                let by_user = throttling::new_password_of_user(open.state.user.id);
                let policy = &tx.core.settings.throttles.password_of_user;
                let counted = throttling::record_failure(tx.conn, &by_user, policy, tx.now)?;
                if let Some(waiting) = waiting(&open.event(Action::PasswordChanged), counted) {
                    tx.record(open.state.account.id, waiting.ending_in(Outcome::Failure));
                }
                Owner::of(tx.conn, open.state)
            })
            .await?;
        let new = NewPassword { password: new_password, code: None, asked_at: now };
        let verdict: Verdict<_> = self
            .set_password(owner, new, move |tx, good| {
                let mut open = OpenChallenge::by_token(tx.conn, digest, &source)?;
                let outcome = open.stored.challenge.apply(Event::PasswordChanged, open.demands(tx.now)?, tx.now)?;
                // The password that this login proved is no longer the current one: the login is void.
                if !good.follows(&open.state) {
                    return Err(Error::ChallengeInvalid);
                }
                if !good.is_judged_for(&open.state) {
                    return Ok(Written::JudgeAgain(Box::new(Owner::of(tx.conn, open.state)?)));
                }
                throttling::clear(tx.conn, &throttling::new_password_of_user(open.state.user.id))?;
                good.set(tx, &open.state, ProvenBy::OldPassword, None)?;
                tx.record(open.state.account.id, open.event(Action::PasswordChanged));
                open = open.refreshed(tx.conn)?;
                open.stored.judged = good.judged();
                open.conclude(tx, outcome).map(Written::Done)
            })
            .await;
        verdict??.into_result(&self.core, token, now)
    }
}
