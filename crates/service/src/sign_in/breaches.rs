//! Passwords that are known from breaches, at a sign-in. New passwords are asked about where they are judged.

use breach::Known;
use password_policy::Password;
use store::tables::directory::users::User;

use super::Standing;
use crate::base::{
    audit::{Action, Event, by_service},
    error::Result,
    service::Service,
};

impl Service {
    /// What is known of the password that this user has just typed, where the policy that applies has passwords checked at
    /// sign-ins; `None`: nobody was asked, because it does not. A source that fails holds the sign-in up for no longer than
    /// the settings say, and stops nobody.
    pub(crate) async fn ask_breaches_at_login(&self, user: &User, password: &Password) -> Result<Option<Known>> {
        if !self.breaches.can_be_asked() {
            return Ok(Some(Known::No));
        }
        let (account, user) = (user.account_id, user.id);
        let standing = self.store.read(move |conn| Standing::look(conn, account, user)).await?;
        let checks = standing.is_some_and(|standing| standing.applied.checks_at_login());
        Ok(if checks { Some(self.breaches.know(password.expose()).await) } else { None })
    }
}

/// The event that a password of this user was accepted although it could not be looked for.
pub(crate) fn breaches_unknown(user: &User) -> Event {
    by_service(Action::BreachesUnknown).on(user)
}
