//! Confirms one's identity again, for an operation that requires a recent sign-in (RFC 9470).

use auth::{Amr, challenge::SecondFactorDemand};
use kernel::SessionId;
use password_policy::{Password, PasswordHash, Verified};
use secrecy::SecretString;
use store::tables::{
    directory::users::{self, User},
    sign_in::sessions,
};
use two_factor::Code;

use crate::{
    base::{
        audit::Action,
        error::{Error, Result, Verdict},
        model::{Actor, SignedIn},
        service::Service,
        throttling,
    },
    sign_in::{
        SessionView, SignInState,
        login::{TotpOutcome, verify_totp},
        record_failure,
    },
};

/// The user's proof: the password, the code, or both. A user who is asked for a second factor must give the code; any
/// other user must give the password.
#[derive(Debug)]
pub struct Reauthentication {
    /// The password.
    pub password: Option<Password>,
    /// A code from the authenticator app.
    pub code: Option<Code>,
}

/// The session continues with a new sign-in time.
#[derive(Debug)]
pub struct Reauthenticated {
    /// An access token that contains it.
    pub access_token: SecretString,
    /// For how many seconds it is valid.
    pub expires_in: u32,
    /// The session.
    pub session: SessionView,
}

impl Service {
    /// Renews the sign-in time of the session.
    ///
    /// # Errors
    /// [`Error::Validation`] when the required proof is missing; [`Error::InvalidCredentials`], [`Error::InvalidCode`],
    /// [`Error::TooManyRequests`].
    pub async fn reauthenticate(&self, actor: &Actor, proof: Reauthentication) -> Result<Reauthenticated> {
        let Reauthentication { password, code } = proof;
        let SignedIn { user_id, session_id, .. } = *actor.session()?;
        let (account_id, now) = (actor.account_id, self.core.now());
        let with_password = password.is_some();
        let mut proven = None;
        if let Some(password) = password {
            let user = self.store.read(move |conn| users::by_id(conn, account_id, user_id)).await?;
            let user = user.ok_or(Error::InvalidToken)?;
            self.prove_password(actor, session_id, &user, password).await?;
            proven = Some(user);
        }
        let by = actor.clone();
        let verdict: Verdict<_> = self
            .transact_at(now, move |tx| {
                let state = SignInState::lock_active(tx.conn, account_id, user_id)?.ok_or(Error::InvalidToken)?;
                if proven.as_ref().is_some_and(|earlier| !state.user.has_password_of(earlier)) {
                    return Err(Error::InvalidCredentials);
                }
                let needs_code = match state.second_factor() {
                    SecondFactorDemand::Code => true,
                    // Asked, but not enrolled yet: the next sign-in takes care of that.
                    SecondFactorDemand::Nothing | SecondFactorDemand::Enrollment => false,
                };
                let code = code.as_ref().filter(|_| state.device.is_some());
                let amr = match (needs_code, code) {
                    (true, None) => return Err(Error::field("/code", "required", "a code is required for this user")),
                    (false, _) if !with_password => {
                        return Err(Error::field("/password", "required", "the password is required for this user"));
                    }
                    // Also of a device that the policy does not ask for now.
                    (true | false, Some(code)) => {
                        if let TotpOutcome::Wrong(counted) = verify_totp(tx, &state, code)? {
                            let failed = by.did(Action::SessionReauthenticationFailed).on(&state.user);
                            record_failure(tx, account_id, failed.with("reason", "wrong_code"), counted);
                            return Ok(Err(Error::InvalidCode { attempts_left: None }));
                        }
                        Amr::PasswordAndTotp
                    }
                    (false, None) => Amr::Password,
                };
                let mut session = sessions::by_id(tx.conn, account_id, session_id)?
                    .filter(|session| session.session.is_alive(tx.now))
                    .ok_or(Error::InvalidToken)?;
                sessions::set_auth(tx.conn, account_id, session_id, amr, tx.now)?;
                (session.amr, session.auth_time) = (amr, tx.now);
                let proven = by.did(Action::SessionReauthenticated).on(&state.user);
                let proven = proven.with("session_id", session_id.to_string());
                tx.record(account_id, proven.with_list("amr", amr.values().iter().copied()));
                Ok(Ok((session, state.view(tx.now))))
            })
            .await;
        let (session, user) = verdict??;
        let (access_token, expires_in) = self.core.access_token(&session, &user, now)?;
        Ok(Reauthenticated { access_token, expires_in, session: SessionView::of(&session) })
    }

    /// Compares the password of a signed-in user. Wrong ones are counted for the session, not for the name: nobody
    /// outside can lock a signed-in user out of this.
    pub(super) async fn prove_password(
        &self,
        actor: &Actor,
        session: SessionId,
        user: &User,
        password: Password,
    ) -> Result<()> {
        let (by_session, by_work) = (throttling::password_in_session(session), throttling::hashes_for_user(user.id));
        let (throttles, now) = (self.core.settings.throttles, self.core.now());
        let policy = throttles.password_of_user;
        self.store
            .write(move |conn| {
                throttling::precheck(conn, &by_session, &policy, now)?;
                throttling::record_failure(conn, &by_work, &throttles.work, now)?;
                Ok::<_, Error>(())
            })
            .await?;
        let hash = user.password_hash.as_deref().map(PasswordHash::parse).transpose();
        let hash = hash.map_err(|why| Error::Internal(format!("a password hash: {why}")))?;
        let verified = self.hashing.verify(password, hash).await?;
        let failed = actor.did(Action::SessionReauthenticationFailed).on(user).with("reason", "wrong_password");
        let account = user.account_id;
        self.transact_at(now, move |tx| match verified {
            Verified::No => {
                let counted = throttling::record_failure(tx.conn, &by_session, &policy, tx.now)?;
                record_failure(tx, account, failed.clone(), counted);
                Ok(Err(Error::InvalidCredentials))
            }
            Verified::Yes | Verified::YesButOutdated => {
                throttling::ensure_allowed(tx.conn, &by_session, &policy, tx.now)?;
                throttling::clear(tx.conn, &by_session)?;
                Ok(Ok(()))
            }
        })
        .await?
    }
}
