//! Takes one step of a login: what all answers have in common.

use auth::challenge::{Event, Next};
use kernel::PlainToken;

use super::{asked_again::keep, open_challenge::OpenChallenge};
use crate::{
    base::{
        error::{Result, Verdict},
        idempotency::IdempotencyKey,
        model::Source,
        service::Service,
        tx::Tx,
    },
    sign_in::{LoginResult, Repeatable},
};

impl Service {
    /// Finds the challenge, rejects an answer that does not belong to its current step, calls `look` to check the
    /// answer, and saves the result, all in one transaction under the user's lock.
    ///
    /// `answer` is what the client sent, as if it were wrong. When the policies have stopped asking during the login,
    /// `look` is not called: any answer completes the login.
    ///
    /// A request that comes again with its `key` gets the first reply again.
    pub(super) async fn take_step(
        &self,
        token: PlainToken,
        key: Option<&IdempotencyKey>,
        source: &Source,
        answer: Event,
        mut look: impl FnMut(&mut Tx<'_>, &OpenChallenge) -> Result<Event> + Send + 'static,
    ) -> Result<LoginResult> {
        let repeatable = Repeatable::new(key, &token);
        let (digest, source, now) = (token.digest(), source.clone(), self.core.now());
        let verdict: Verdict<_> = self
            .transact_at(now, move |tx| {
                let open = OpenChallenge::by_token(tx.conn, digest, &source)?;
                if let Some((step, _)) = open.given_before(tx, repeatable)? {
                    return Ok(Ok(step));
                }
                let owner = open.owner();
                let demands = open.demands(tx.now)?;
                let event = match open.stored.challenge.admit(answer, demands, tx.now)? {
                    Next::Session => Event::SessionAsked,
                    Next::TotpEnrollment | Next::Totp | Next::PasswordChange => look(tx, &open)?,
                };
                let outcome = open.stored.challenge.apply(event, demands, tx.now)?;
                match open.conclude(tx, outcome)? {
                    Ok(step) => keep(tx, repeatable, owner, (step, Vec::new())).map(|(step, _)| Ok(step)),
                    Err(wrong) => Ok(Err(wrong)),
                }
            })
            .await;
        verdict??.into_result(&self.core, token, now)
    }
}
