//! Checks the password and begins a login.

use kernel::{OsRandom, PlainToken, TokenKind};
use password_policy::{Password, PasswordHash, Verified};
use store::{
    Conn,
    tables::{base::throttles::Key, directory::users::User, sign_in::known_sources},
};
use tokio::time::Instant;

use super::{begin::RightPassword, login_target::LoginTarget};
use crate::{
    base::{
        error::{Error, Result},
        model::{Source, Username},
        service::Service,
        throttling,
    },
    sign_in::LoginResult,
};

/// What people type.
#[derive(Debug)]
pub struct Credentials {
    /// The account's short name.
    pub account: String,
    /// The user's name.
    pub username: String,
    /// The password.
    pub password: Password,
}

impl Service {
    /// Begins a login.
    ///
    /// An unknown account, an account that is suspended or being deleted, an unknown user, a wrong password, a user
    /// without a password and a disabled user take the same path through this function, with one hash each, and get the
    /// same error after the same time (ASVS 5.0 §6.3.8).
    ///
    /// The login continues when the caller hangs up, so that every checked password is counted.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`]; [`Error::TooManyRequests`], for known and unknown names alike.
    pub async fn login(&self, credentials: Credentials, source: &Source) -> Result<LoginResult> {
        let (service, source, began) = (self.clone(), source.clone(), Instant::now());
        let login = tokio::spawn(async move { service.login_to_its_end(credentials, &source).await });
        let result = login.await.map_err(|why| Error::Internal(format!("a login: {why}")))?;
        if result.as_ref().is_err_and(|why| *why == Error::InvalidCredentials) {
            let configured = self.core.settings.failed_login_takes.to_std().unwrap_or_default();
            let least = self.core.costliest.least_time(configured, self.hashing.milliseconds());
            tokio::time::sleep_until(began + least).await;
        }
        result
    }

    async fn login_to_its_end(&self, credentials: Credentials, source: &Source) -> Result<LoginResult> {
        let Credentials { account, username, password } = credentials;
        let slug = account.trim().to_lowercase();
        // A name that cannot exist is looked up like any other, under a key that no user has.
        let username_key = Username::parse(&username).map_or_else(|_| String::new(), |name| name.key);
        let by_source = throttling::password_from_source(source);
        let by_name = throttling::password_of_user(&slug, &username_key);
        let (now, from, throttles) = (self.core.now(), source.clone(), self.core.settings.throttles);

        let found: Result<(LoginTarget, Key)> = self
            .store
            .read(move |conn| {
                throttling::precheck(conn, &by_source, &throttles.password_from_source, now)?;
                let target = LoginTarget::find(conn, &slug, &username_key)?;
                let by_user = counter(conn, target.user.as_ref(), &from, by_name)?;
                throttling::precheck(conn, &by_user, &throttles.password_of_user, now)?;
                Ok((target, by_user))
            })
            .await;
        let (target, by_user) = found?;
        let user = target.who_may_sign_in();
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref()).map(PasswordHash::parse).transpose();
        let hash = hash.map_err(|why| Error::Internal(format!("a password hash cannot be read: {why}")))?;
        let verified = self.hashing.verify(password.clone(), hash.clone()).await?;
        let (Some(user), Some(hash), Verified::Yes | Verified::YesButOutdated) = (user, hash, verified) else {
            let from = source.clone();
            let counted: Result<()> = self
                .transact_at(now, move |tx| {
                    let of_source =
                        throttling::record_failure(tx.conn, &by_source, &throttles.password_from_source, tx.now)?;
                    let of_name = throttling::record_failure(tx.conn, &by_user, &throttles.password_of_user, tx.now)?;
                    target.record_failed(tx, &from, of_name, of_source)
                })
                .await;
            return counted.and(Err(Error::InvalidCredentials));
        };
        let rehashed = match verified {
            Verified::YesButOutdated => Some(self.hashing.hash(password.clone()).await?),
            Verified::Yes | Verified::No => None,
        };

        let token = PlainToken::generate(TokenKind::Challenge, &mut OsRandom);
        let digest = token.digest();
        let right = RightPassword { user, password, hash, rehashed, by_source, by_user, from: source.clone(), digest };
        self.begin(right, now).await?.into_result(&self.core, token, now)
    }
}

/// The counter of wrong passwords for this login: that of the name, whether the user exists or not, unless the user has
/// signed in from this source before.
fn counter(conn: &mut Conn, user: Option<&User>, source: &Source, by_name: Key) -> Result<Key> {
    let Some(user) = user else { return Ok(by_name) };
    let digest = throttling::source_digest(source);
    let known = known_sources::contains(conn, user.account_id, user.id, digest)?;
    Ok(if known { throttling::password_from_known_source(user, digest) } else { throttling::owned_by(by_name, user) })
}
