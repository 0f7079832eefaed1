//! The password.

use std::sync::Arc;

use auth::challenge::{Challenge, Next};
use kernel::{Id, OsRandom, PlainToken, TokenKind};
use password_policy::{Password, PasswordHash, Verified};
use store::tables::{
    accounts,
    challenges::{self, StoredChallenge},
    users::{self, Status, User},
};

use super::located::{Located, Step};
use crate::{
    Error, LoginResult, Result, Source,
    model::Username,
    service::Service,
    sign_in::{Standing, attempts, open_session},
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
    /// An unknown account, an unknown user, a wrong password, a user without a password and a disabled user take the same
    /// way through this function, with one hash each, and end in the same error (ASVS 5.0 §6.3.8).
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`]; [`Error::TooManyRequests`], for known and unknown names alike.
    pub async fn login(&self, credentials: Credentials, source: &Source) -> Result<LoginResult> {
        let Credentials { account, username, password } = credentials;
        let slug = account.trim().to_lowercase();
        // A name that cannot exist is looked for like any other, under a key that no user has.
        let username_key = Username::parse(&username).map_or_else(|_| String::new(), |name| name.key);
        let by_source = attempts::password_from_source(source);
        let by_user = attempts::password_of_user(&slug, &username_key);
        let (core, now) = (Arc::clone(&self.core), self.core.now());
        let throttles = core.settings.throttles;

        let found: Result<Option<User>> = self
            .store
            .read(move |conn| {
                attempts::check(conn, &by_source, &throttles.password_from_source, now)?;
                attempts::check(conn, &by_user, &throttles.password_of_user, now)?;
                // PostgreSQL does not take a NUL in a text, and no slug has one.
                let account = if slug.contains('\0') { None } else { accounts::by_slug(conn, &slug)? };
                let Some(account) = account else { return Ok(None) };
                Ok(users::by_username_key(conn, account.id, &username_key)?)
            })
            .await;
        let user = found?.filter(|user| user.status == Status::Active);
        let by_user = attempts::owned_by(by_user, user.as_ref());
        let hash = user.as_ref().and_then(|user| user.password_hash.as_deref()).map(PasswordHash::parse).transpose();
        let hash = hash.map_err(|why| Error::Internal(format!("a password hash cannot be read: {why}")))?;
        let verified = self.hashing.verify(password.clone(), hash.clone()).await?;
        let (Some(user), Some(hash), Verified::Yes | Verified::YesButOutdated) = (user, hash, verified) else {
            let counted: Result<()> = self
                .store
                .write(move |conn| {
                    attempts::wrong(conn, &by_source, &throttles.password_from_source, now)?;
                    attempts::wrong(conn, &by_user, &throttles.password_of_user, now)
                })
                .await;
            return counted.and(Err(Error::InvalidCredentials));
        };
        let rehashed = match verified {
            Verified::YesButOutdated => Some(self.hashing.hash(password).await?),
            Verified::Yes | Verified::No => None,
        };

        let token = PlainToken::generate(TokenKind::Challenge, &mut OsRandom);
        let (digest, closure_core) = (token.digest(), Arc::clone(&core));
        let step = self
            .store
            .write(move |conn| {
                let core = &closure_core;
                let standing = Standing::of_active(conn, user.account_id, user.id)?.ok_or(Error::InvalidCredentials)?;
                // The password that was right a moment ago may have been changed since.
                if !standing.user.has_password_of(&user) {
                    return Err(Error::InvalidCredentials);
                }
                attempts::right(conn, &by_source, &throttles.password_from_source, now)?;
                attempts::right(conn, &by_user, &throttles.password_of_user, now)?;
                attempts::clear(conn, &by_user)?;
                if let Some(new) = &rehashed {
                    users::rehash_password(conn, user.account_id, user.id, hash.as_str(), new.as_str())?;
                }
                let challenge = Challenge::begin(now + core.settings.challenge_lifetime);
                let next = challenge.next(standing.demands());
                if next == Next::Session {
                    let opened = open_session(conn, core, &standing, challenge.amr(), now)?;
                    return Ok(Step::Session(Box::new(opened)));
                }
                let stored = StoredChallenge {
                    account_id: user.account_id,
                    id: Id::generate(now, &mut OsRandom),
                    user_id: user.id,
                    token_digest: digest,
                    challenge,
                    sealed_secret: None,
                    created_at: now,
                };
                challenges::insert(conn, &stored)?;
                Located { stored, standing }.step(conn, next)
            })
            .await?;
        step.into_result(&core, token, now)
    }
}
