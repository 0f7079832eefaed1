//! Changing one's own password.

use password_policy::Password;
use store::tables::{
    accounts, activations, challenges, sessions,
    users::{self, Status},
};

use crate::{Actor, Error, Result, service::Service, sign_in::check_new_password};

/// The current password and the one to come.
#[derive(Debug)]
pub struct NewOwnPassword {
    /// Proves that it is the user who asks, not somebody at an open screen.
    pub current_password: Password,
    /// What it shall be.
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
        let (account_id, user_id, keep, now) = (actor.account_id, actor.user_id, actor.session_id, self.core.now());
        let (account, user) = self
            .store
            .read(move |conn| {
                let account = accounts::by_id(conn, account_id)?.ok_or(Error::InvalidToken)?;
                let user = users::by_id(conn, account_id, user_id)?.ok_or(Error::InvalidToken)?;
                Ok::<_, Error>((account, user))
            })
            .await?;
        self.prove_password(actor, &user, current_password).await?;
        check_new_password(&account, &user, &new_password, None)?;
        self.refuse_current_password(user.password_hash.as_deref(), &new_password).await?;
        let hash = self.hashing.hash(new_password).await?;
        let earlier = user;
        self.store
            .write(move |conn| {
                let user = users::lock(conn, account_id, user_id)?.filter(|user| user.status == Status::Active);
                let user = user.ok_or(Error::InvalidToken)?;
                // Ended while the passwords were hashed.
                let session = sessions::by_id(conn, account_id, keep)?;
                session.filter(|session| session.session.is_alive(now)).ok_or(Error::InvalidToken)?;
                // Somebody was faster: what was proven is not the password any more.
                if !user.has_password_of(&earlier) {
                    return Err(Error::InvalidCredentials);
                }
                users::set_password(conn, account_id, user_id, hash.as_str(), now)?;
                activations::delete_of_user(conn, account_id, user_id)?;
                sessions::end_all(conn, account_id, user_id, Some(keep))?;
                Ok(challenges::revoke_open(conn, account_id, user_id)?)
            })
            .await
    }
}
