//! Changes one's own password.

use password_policy::Password;
use store::tables::sign_in::sessions;

use crate::{
    base::{
        audit::Action,
        error::{Error, Result},
        model::{Actor, SignedIn},
        service::Service,
    },
    sign_in::{NewPassword, Owner, ProvenBy, SignInState, Written},
};

/// The current password and the new one.
#[derive(Debug)]
pub struct NewOwnPassword {
    /// Proves that the user asks, not somebody at an unlocked screen.
    pub current_password: Password,
    /// The new password.
    pub new_password: Password,
}

impl Service {
    /// Changes the password of the signed-in user. All other sessions, logins and activation codes of the user end.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`] for a wrong current password; [`Error::PasswordRefused`];
    /// [`Error::TooManyRequests`].
    pub async fn change_own_password(&self, actor: &Actor, passwords: NewOwnPassword) -> Result<()> {
        let NewOwnPassword { current_password, new_password } = passwords;
        let SignedIn { user_id, session_id: keep, .. } = *actor.session()?;
        let (account_id, now) = (actor.account_id, self.core.now());
        let by = actor.clone();
        let owner = self
            .store
            .read(move |conn| {
                let state = SignInState::read_active(conn, account_id, user_id)?.ok_or(Error::InvalidToken)?;
                Owner::of(conn, state)
            })
            .await?;
        self.prove_password(actor, keep, &owner.state.user, current_password).await?;
        let new = NewPassword { password: new_password, code: None, asked_at: now };
        self.set_password(owner, new, move |tx, good| {
            let state = SignInState::lock_active(tx.conn, account_id, user_id)?.ok_or(Error::InvalidToken)?;
            // The session may have ended while the passwords were hashed.
            let session = sessions::by_id(tx.conn, account_id, keep)?;
            session.filter(|session| session.session.is_alive(tx.now)).ok_or(Error::InvalidToken)?;
            // Another change came first: the proven password is no longer the current one.
            if !good.follows(&state) {
                return Err(Error::InvalidCredentials);
            }
            if !good.is_judged_for(&state) {
                return Ok(Written::JudgeAgain(Box::new(Owner::of(tx.conn, state)?)));
            }
            good.set(tx, &state, ProvenBy::OldPassword, Some(keep))?;
            tx.record(account_id, by.did(Action::PasswordChanged).on(&state.user));
            Ok(Written::Done(()))
        })
        .await
    }
}
