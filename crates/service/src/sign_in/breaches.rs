//! Checks passwords against known breaches at a sign-in. New passwords are checked where they are judged.

use breach::Known;
use password_policy::Password;
use store::tables::directory::users::User;

use super::SignInState;
use crate::base::{
    audit::{Action, Event, by_service},
    error::Result,
    service::Service,
};

impl Service {
    /// What is known of the password that this user has just typed, if the policy that applies checks passwords at
    /// sign-in; `None`: it does not, so nobody was asked. A source that fails delays the sign-in for no longer than the
    /// settings allow, and prevents none.
    pub(crate) async fn ask_breaches_at_login(&self, user: &User, password: &Password) -> Result<Option<Known>> {
        if !self.breaches.can_be_asked() {
            return Ok(Some(Known::No));
        }
        let (account, user) = (user.account_id, user.id);
        let state = self.store.read(move |conn| SignInState::read_active(conn, account, user)).await?;
        let checks = state.is_some_and(|state| state.applied.checks_at_login());
        Ok(if checks { Some(self.breaches.know(password.expose()).await) } else { None })
    }
}

/// The event that a password of this user was accepted without the check for breaches.
pub(crate) fn breaches_unknown(user: &User) -> Event {
    by_service(Action::BreachesUnknown).on(user)
}
