//! Takes one step of a login: what all answers have in common.

use std::sync::Arc;

use auth::challenge::{Event, Next};
use kernel::Time;
use store::Conn;

use super::located::{Located, parse_token};
use crate::{
    base::{
        audit::Journal,
        error::{Result, Verdict},
        model::Source,
        service::{Core, Service},
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
        token: &str,
        source: &Source,
        answer: Event,
        mut look: impl FnMut(&mut Conn, &mut Journal, &Core, &Located, Time) -> Result<Event> + Send + 'static,
    ) -> Result<LoginResult> {
        let token = parse_token(token)?;
        let (digest, core, source, now) = (token.digest(), Arc::clone(&self.core), source.clone(), self.core.now());
        let verdict: Verdict<_> = self
            .write(move |conn, audit| {
                let located = Located::by_token(conn, digest, &source)?;
                let demands = located.demands(now)?;
                let event = match located.stored.challenge.admit(answer, demands, now)? {
                    Next::Session => Event::SessionAsked,
                    Next::TotpEnrollment | Next::Totp | Next::PasswordChange => {
                        look(conn, audit, &core, &located, now)?
                    }
                };
                let outcome = located.stored.challenge.apply(event, demands, now)?;
                located.conclude(conn, audit, &core, outcome, now)
            })
            .await;
        verdict??.into_result(&self.core, token, now)
    }
}
