//! Continues after a right password: with a session, or with the first step of a challenge.

use std::sync::Arc;

use auth::challenge::{Challenge, Next};
use breach::Known;
use kernel::{Id, OsRandom, Time, TokenDigest};
use password_policy::{Failure, Password, PasswordHash, Shortcomings};
use store::tables::{
    base::throttles::Key,
    directory::users::{self, User},
    jobs::imported_users,
    sign_in::{
        challenges::{self, JudgedPassword, StoredChallenge},
        known_sources,
    },
};

use super::located::{Located, Step};
use crate::{
    base::{
        audit::Action,
        error::{Error, Result},
        model::Source,
        service::Service,
        throttling,
    },
    sign_in::{Measure, Standing, breaches_unknown, failures, open_session},
};

/// How often the breaches are asked because a policy has begun to require it in between.
const TRIES: usize = 5;

/// A password that was just found right, and what is known of the login.
#[derive(Clone)]
pub(super) struct RightPassword {
    pub(super) user: User,
    pub(super) password: Password,
    pub(super) hash: PasswordHash,
    /// The same password with today's parameters, if it was hashed with others.
    pub(super) rehashed: Option<PasswordHash>,
    pub(super) by_source: Key,
    pub(super) by_user: Key,
    pub(super) from: Source,
    /// The digest of the challenge's token.
    pub(super) digest: TokenDigest,
}

impl Service {
    /// Begins what the current policies require.
    pub(super) async fn begin(&self, right: RightPassword, now: Time) -> Result<Step> {
        for _ in 0..TRIES {
            let breaches = self.ask_breaches_at_login(&right.user, &right.password).await?;
            if let Some(step) = self.begin_once(right.clone(), breaches, now).await? {
                return Ok(step);
            }
        }
        Err(Error::Overloaded)
    }

    /// `breaches`: what is known of the password, `None` when nobody was asked. If the policy that now applies wants
    /// them asked, nothing is changed and `None` is returned.
    async fn begin_once(&self, right: RightPassword, breaches: Option<Known>, now: Time) -> Result<Option<Step>> {
        let core = Arc::clone(&self.core);
        self.write(move |conn, audit| {
            let RightPassword { user, password, hash, rehashed, by_source, by_user, from, digest } = &right;
            let standing = Standing::of_active(conn, user.account_id, user.id)?.ok_or(Error::InvalidCredentials)?;
            // The password may have been changed since it was found right.
            if !standing.user.has_password_of(user) {
                return Err(Error::InvalidCredentials);
            }
            if breaches.is_none() && standing.applied.checks_at_login() {
                return Ok(None);
            }
            let throttles = &core.settings.throttles;
            throttling::right(conn, by_source, &throttles.password_from_source, now)?;
            throttling::right(conn, by_user, &throttles.password_of_user, now)?;
            throttling::clear(conn, by_user)?;
            if let Some(new) = rehashed {
                users::rehash_password(conn, user.account_id, user.id, hash.as_str(), new.as_str())?;
                imported_users::forget_hash(conn, user.account_id, user.id)?;
            }
            let challenge = Challenge::begin(now + core.settings.challenge_lifetime);
            // Now, while the password is at hand; no later step has it. Whether the failures count is decided at each
            // step: the policy may begin to check during the login.
            let mut judged = JudgedPassword::default();
            if standing.applied.checks_at_login() || challenge.next(standing.demands(&judged, now)?) != Next::Session {
                let mut failures = failures(&core, &standing, password, None);
                match breaches {
                    Some(Known::Yes) => failures.push(Failure::Breached),
                    Some(Known::No) | None => {}
                    Some(Known::Unanswered) => audit.record(user.account_id, breaches_unknown(&standing.user)),
                }
                judged = JudgedPassword {
                    shortcomings: Shortcomings::new(failures),
                    by: Some(Measure::of(&standing).digest()),
                };
            }
            let next = challenge.next(standing.demands(&judged, now)?);
            let source_digest = throttling::source_digest(from);
            if next == Next::Session {
                known_sources::remember(conn, user.account_id, user.id, source_digest, now)?;
                let opened = open_session(conn, audit, &core, from, &standing, challenge.amr(), now)?;
                return Ok(Some(Step::Session(Box::new(opened))));
            }
            let stored = StoredChallenge {
                account_id: user.account_id,
                id: Id::generate(now, &mut OsRandom),
                user_id: user.id,
                token_digest: *digest,
                challenge,
                sealed_secret: None,
                judged,
                source_digest,
                created_at: now,
            };
            challenges::insert(conn, &stored)?;
            let located = Located { stored, standing, source: from.clone() };
            let accepted = located.event(Action::LoginPasswordAccepted).with("next", next.as_str());
            audit.record(user.account_id, accepted);
            located.step(conn, next, now).map(Some)
        })
        .await
    }
}
