//! Sets the new password that a login requires.

use std::sync::Arc;

use auth::challenge::Event;
use password_policy::Password;
use store::Conn;

use super::located::{Located, parse_token};
use crate::{
    base::{
        audit::{Action, Journal, Outcome},
        error::{Error, Result},
        model::Source,
        service::Service,
        throttling,
    },
    sign_in::{GoodPassword, LoginResult, Owner, ProvenBy, Written, waiting},
};

impl Service {
    /// Sets the new password. All other logins and sessions of the user end.
    ///
    /// # Errors
    /// [`Error::PasswordRefused`], [`Error::WrongStep`], [`Error::ChallengeInvalid`], [`Error::TooManyRequests`].
    pub async fn change_password_at_login(
        &self,
        token: &str,
        source: &Source,
        new_password: Password,
    ) -> Result<LoginResult> {
        let token = parse_token(token)?;
        let (digest, core, now) = (token.digest(), Arc::clone(&self.core), self.core.now());
        let throttles = core.settings.throttles;
        let (from, source) = (source.clone(), source.clone());
        let owner = self
            .write(move |conn, audit| {
                let located = Located::by_token(conn, digest, &from)?;
                located.stored.challenge.admit(Event::PasswordChanged, located.demands(now)?, now)?;
                let by_user = throttling::new_password_of_user(located.standing.user.id);
                let counted = throttling::wrong(conn, &by_user, &throttles.password_of_user, now)?;
                if let Some(waiting) = waiting(&located.event(Action::PasswordChanged), counted) {
                    audit.record(located.standing.account.id, waiting.ending_in(Outcome::Failure));
                }
                Owner::of(conn, located.standing)
            })
            .await?;
        let core = Arc::clone(&self.core);
        let write = move |conn: &mut Conn, audit: &mut Journal, good: &GoodPassword| {
            let mut located = Located::by_token(conn, digest, &source)?;
            let outcome = located.stored.challenge.apply(Event::PasswordChanged, located.demands(now)?, now)?;
            // The password that this login proved is no longer the current one: the login is void.
            if !good.follows(&located.standing) {
                return Err(Error::ChallengeInvalid);
            }
            if !good.is_judged_for(&located.standing) {
                return Ok(Written::JudgeAgain(Box::new(Owner::of(conn, located.standing)?)));
            }
            throttling::clear(conn, &throttling::new_password_of_user(located.standing.user.id))?;
            good.set(conn, audit, &located.standing, ProvenBy::OldPassword, None, now)?;
            audit.record(located.standing.account.id, located.event(Action::PasswordChanged));
            located = located.refreshed(conn)?;
            located.stored.judged = good.judged();
            located.conclude(conn, audit, &core, outcome, now).map(Written::Done)
        };
        self.set_password(owner, new_password, None, write).await??.into_result(&self.core, token, now)
    }
}
