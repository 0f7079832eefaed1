//! Continues after a right password: with a session, or with the first step of a challenge.

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

use super::{login_step::LoginStep, open_challenge::OpenChallenge};
use crate::{
    base::{
        audit::Action,
        error::{Error, Result},
        model::Source,
        service::Service,
        throttling,
    },
    sign_in::{Issued, Measure, SignInState, breaches_unknown, failures, open_session},
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
    pub(super) async fn begin(&self, right: RightPassword, now: Time) -> Result<LoginStep> {
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
    async fn begin_once(&self, right: RightPassword, breaches: Option<Known>, now: Time) -> Result<Option<LoginStep>> {
        self.transact_at(now, move |tx| {
            let RightPassword { user, password, hash, rehashed, by_source, by_user, from, digest } = &right;
            let state =
                SignInState::lock_active(tx.conn, user.account_id, user.id)?.ok_or(Error::InvalidCredentials)?;
            // The password may have been changed since it was found right.
            if !state.user.has_password_of(user) {
                return Err(Error::InvalidCredentials);
            }
            if breaches.is_none() && state.applied.checks_at_login() {
                return Ok(None);
            }
            let throttles = &tx.core.settings.throttles;
            throttling::ensure_allowed(tx.conn, by_source, &throttles.password_from_source, tx.now)?;
            throttling::ensure_allowed(tx.conn, by_user, &throttles.password_of_user, tx.now)?;
            throttling::clear(tx.conn, by_user)?;
            if let Some(new) = rehashed {
                users::rehash_password(tx.conn, user.account_id, user.id, hash.as_str(), new.as_str())?;
                imported_users::forget_hash(tx.conn, user.account_id, user.id)?;
            }
            let challenge = Challenge::begin(tx.now + tx.core.settings.challenge_lifetime);
            // Now, while the password is at hand; no later step has it. Whether the failures count is decided at each
            // step: the policy may begin to check during the login.
            let mut judged = JudgedPassword::default();
            if state.applied.checks_at_login() || challenge.next(state.demands(&judged, tx.now)?) != Next::Session {
                let mut failures = failures(tx.core, &state, password, None);
                match breaches {
                    Some(Known::Yes) => failures.push(Failure::Breached),
                    Some(Known::No) | None => {}
                    Some(Known::Unanswered) => tx.record(user.account_id, breaches_unknown(&state.user)),
                }
                judged = JudgedPassword {
                    shortcomings: Shortcomings::new(failures),
                    by: Some(Measure::of(&state).digest()),
                };
            }
            let next = challenge.next(state.demands(&judged, tx.now)?);
            let source_digest = throttling::source_digest(from);
            if next == Next::Session {
                known_sources::remember(tx.conn, user.account_id, user.id, source_digest, tx.now)?;
                let opened = open_session(tx, from, &state, challenge.amr())?;
                return Ok(Some(LoginStep::Session(Issued::Unsigned(Box::new(opened)))));
            }
            let stored = StoredChallenge {
                account_id: user.account_id,
                id: Id::generate(tx.now, &mut OsRandom),
                user_id: user.id,
                token_digest: *digest,
                challenge,
                sealed_secret: None,
                judged,
                source_digest,
                created_at: tx.now,
            };
            challenges::insert(tx.conn, &stored)?;
            let open = OpenChallenge { stored, state, source: from.clone() };
            let accepted = open.event(Action::LoginPasswordAccepted).with("next", next.as_str());
            tx.record(user.account_id, accepted);
            open.step(tx.conn, next, tx.now).map(Some)
        })
        .await
    }
}
