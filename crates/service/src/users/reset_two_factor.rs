//! The phone is lost.

use kernel::{AccountId, UserId};
use store::tables::{authenticators, challenges, recovery_codes, sessions, users};

use crate::{Error, Result, service::Service, sign_in::attempts};

impl Service {
    /// Forgets the user's device and recovery codes, and ends all sessions and logins: at the next login the user enrols
    /// again, if the policy asks. Doing it again changes nothing.
    pub async fn reset_two_factor(&self, account: AccountId, user: UserId) -> Result<()> {
        self.store
            .write(move |conn| {
                users::lock(conn, account, user)?.ok_or(Error::NotFound)?;
                authenticators::delete(conn, account, user)?;
                recovery_codes::delete(conn, account, user)?;
                sessions::end_all(conn, account, user, None)?;
                challenges::revoke_open(conn, account, user)?;
                attempts::clear(conn, &attempts::code_of_user(account, user))?;
                Ok(users::touch(conn, account, user)?)
            })
            .await
    }
}
