//! Takes one step of a login: what all answers have in common.

use auth::challenge::{Event, Next};
use kernel::PlainToken;

use super::open_challenge::OpenChallenge;
use crate::{
    base::{
        error::{Result, Verdict},
        model::Source,
        service::Service,
        tx::Tx,
    },
    sign_in::LoginResult,
};

impl Service {
    /// Finds the challenge, rejects an answer that does not belong to its current step, calls `look` to check the
    /// answer, and saves the result, all in one transaction under the user's lock.
    ///
    /// `answer` is what the client sent, as if it were wrong. When the policies have stopped asking during the login,
    /// `look` is not called: any answer completes the login.
    pub(super) async fn take_step(
        &self,
        token: PlainToken,
        source: &Source,
        answer: Event,
        mut look: impl FnMut(&mut Tx<'_>, &OpenChallenge) -> Result<Event> + Send + 'static,
    ) -> Result<LoginResult> {
        let (digest, source, now) = (token.digest(), source.clone(), self.core.now());
        let verdict: Verdict<_> = self
            .transact_at(now, move |tx| {
                let open = OpenChallenge::by_token(tx.conn, digest, &source)?;
                let demands = open.demands(tx.now)?;
                let event = match open.stored.challenge.admit(answer, demands, tx.now)? {
                    Next::Session => Event::SessionAsked,
                    Next::TotpEnrollment | Next::Totp | Next::PasswordChange => look(tx, &open)?,
                };
                let outcome = open.stored.challenge.apply(event, demands, tx.now)?;
                open.conclude(tx, outcome)
            })
            .await;
        verdict??.into_result(&self.core, token, now)
    }
}
