//! Sets the new password that a login requires.

use auth::challenge::Event;
use kernel::PlainToken;
use password_policy::Password;

use super::{asked_again::keep, open_challenge::OpenChallenge};
use crate::{
    base::{
        audit::{Action, Outcome},
        error::{Error, Result, Verdict},
        idempotency::IdempotencyKey,
        model::Source,
        service::Service,
        throttling,
    },
    sign_in::{LoginResult, NewPassword, Owner, ProvenBy, Repeatable, Written, waiting},
};

impl Service {
    /// Sets the new password. All other logins and sessions of the user end.
    ///
    /// # Errors
    /// [`Error::PasswordRefused`], [`Error::WrongStep`], [`Error::ChallengeInvalid`], [`Error::TooManyRequests`].
    pub async fn change_password_at_login(
        &self,
        token: PlainToken,
        key: Option<IdempotencyKey>,
        source: &Source,
        new_password: Password,
    ) -> Result<LoginResult> {
        let repeatable = Repeatable::new(key.as_ref(), &token);
        let (digest, now) = (token.digest(), self.core.now());
        let (from, source) = (source.clone(), source.clone());
        let looked_up = self
            .transact_at(now, move |tx| {
                let open = OpenChallenge::by_token(tx.conn, digest, &from)?;
                if let Some((step, _)) = open.given_before(tx, repeatable)? {
                    return Ok(Err(step));
                }
                open.stored.challenge.admit(Event::PasswordChanged, open.demands(tx.now)?, tx.now)?;
                let by_user = throttling::new_password_of_user(open.state.user.id);
                let policy = &tx.core.settings.throttles.password_of_user;
                let counted = throttling::record_failure(tx.conn, &by_user, policy, tx.now)?;
                if let Some(waiting) = waiting(&open.event(Action::PasswordChanged), counted) {
                    tx.record(open.state.account.id, waiting.ending_in(Outcome::Failure));
                }
                Owner::of(tx.conn, open.state).map(Ok)
            })
            .await?;
        let owner = match looked_up {
            Ok(owner) => owner,
            Err(step) => return step.into_result(&self.core, token, now),
        };
        let new = NewPassword { password: new_password, code: None, asked_at: now };
        let verdict: Verdict<_> = self
            .set_password(owner, new, move |tx, good| {
                let mut open = OpenChallenge::by_token(tx.conn, digest, &source)?;
                if let Some((step, _)) = open.given_before(tx, repeatable)? {
                    return Ok(Written::Done(Ok(step)));
                }
                let owner = open.owner();
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
                match open.conclude(tx, outcome)? {
                    Ok(step) => {
                        keep(tx, repeatable, owner, (step, Vec::new())).map(|(step, _)| Written::Done(Ok(step)))
                    }
                    Err(wrong) => Ok(Written::Done(Err(wrong))),
                }
            })
            .await;
        verdict??.into_result(&self.core, token, now)
    }
}
