//! The new password that a login asks for.

use std::sync::Arc;

use auth::challenge::Event;
use password_policy::{Failure, Password, PasswordHash, Verified};
use store::tables::{activations, challenges, sessions, users};

use super::located::{Located, parse_token};
use crate::{
    Error, LoginResult, Result,
    error::Verdict,
    service::Service,
    sign_in::{attempts, check_new_password, refused},
};

impl Service {
    /// Sets the new password. All other logins and sessions of the user end.
    ///
    /// # Errors
    /// [`Error::PasswordRefused`], [`Error::WrongStep`], [`Error::ChallengeInvalid`].
    pub async fn change_password_at_login(&self, token: &str, new_password: Password) -> Result<LoginResult> {
        let token = parse_token(token)?;
        let (digest, core, now) = (token.digest(), Arc::clone(&self.core), self.core.now());
        let throttles = core.settings.throttles;
        let (account, user) = self
            .store
            .write(move |conn| {
                let located = Located::by_token(conn, digest)?;
                located.stored.challenge.admit(Event::PasswordChanged, located.standing.demands(), now)?;
                let by_work = attempts::hashes_for_user(located.standing.user.id);
                attempts::wrong(conn, &by_work, &throttles.work, now)?;
                Ok::<_, Error>((located.standing.account, located.standing.user))
            })
            .await?;
        check_new_password(&account, &user, &new_password, None)?;
        self.refuse_current_password(user.password_hash.as_deref(), &new_password).await?;
        let hash = self.hashing.hash(new_password).await?;
        let earlier = user;
        let verdict: Verdict<_> = self
            .store
            .write(move |conn| {
                let located = Located::by_token(conn, digest)?;
                let outcome =
                    located.stored.challenge.apply(Event::PasswordChanged, located.standing.demands(), now)?;
                let (account, user) = (located.standing.account.id, located.standing.user.id);
                // What was compared with is not the password any more: this login's is void.
                if !located.standing.user.has_password_of(&earlier) {
                    return Err(Error::ChallengeInvalid);
                }
                users::set_password(conn, account, user, hash.as_str(), now)?;
                activations::delete_of_user(conn, account, user)?;
                sessions::end_all(conn, account, user, None)?;
                challenges::revoke_open(conn, account, user)?;
                located.refreshed(conn)?.conclude(conn, &core, outcome, now)
            })
            .await;
        verdict??.into_result(&self.core, token, now)
    }

    /// Refuses a new password that is the current one.
    pub(crate) async fn refuse_current_password(&self, hash: Option<&str>, new_password: &Password) -> Result<()> {
        let Some(hash) = hash else { return Ok(()) };
        let hash = PasswordHash::parse(hash).map_err(|why| Error::Internal(format!("a password hash: {why}")))?;
        match self.hashing.verify(new_password.clone(), Some(hash)).await? {
            Verified::No => Ok(()),
            Verified::Yes | Verified::YesButOutdated => Err(refused(&[Failure::Reused])),
        }
    }
}
