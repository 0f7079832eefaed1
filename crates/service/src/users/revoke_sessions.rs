//! Signed out everywhere.

use kernel::{AccountId, UserId};
use store::tables::{challenges, sessions, users};

use crate::{Error, Result, service::Service};

impl Service {
    /// Ends all sessions and logins of the user. Doing it again changes nothing.
    pub async fn revoke_user_sessions(&self, account: AccountId, user: UserId) -> Result<()> {
        self.store
            .write(move |conn| {
                users::lock(conn, account, user)?.ok_or(Error::NotFound)?;
                sessions::end_all(conn, account, user, None)?;
                Ok(challenges::revoke_open(conn, account, user)?)
            })
            .await
    }
}
