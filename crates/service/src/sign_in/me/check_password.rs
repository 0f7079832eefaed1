//! Checks a new password of one's own while it is being typed.

use std::sync::Arc;

use secrecy::SecretString;

use crate::{
    base::{
        error::{Error, Result},
        model::Actor,
        service::Service,
        throttling,
    },
    policies::password_policies::{PasswordCheck, judge_text},
    sign_in::{SignInState, rules_and_context},
};

impl Service {
    /// Checks a candidate for the signed-in user. Nothing of it is stored. It is not compared with earlier passwords.
    ///
    /// # Errors
    /// [`Error::TooManyRequests`].
    pub async fn check_own_password(&self, actor: &Actor, password: SecretString) -> Result<PasswordCheck> {
        let (account, user) = (actor.account_id, actor.session()?.user_id);
        let (caller, core, now) = (*actor.caller(), Arc::clone(&self.core), self.core.now());
        let (rules, context) = self
            .store
            .write(move |conn| {
                throttling::count_password_check(conn, &caller, &core.settings.throttles.password_checks, now)?;
                let state = SignInState::read_active(conn, account, user)?.ok_or(Error::InvalidToken)?;
                Ok::<_, Error>(rules_and_context(&core, &state))
            })
            .await?;
        judge_text(password, rules, context).await
    }
}
