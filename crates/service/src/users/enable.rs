//! The user may sign in again.

use kernel::{AccountId, UserId};
use store::tables::users::{self, Status};

use crate::{Error, Result, service::Service};

impl Service {
    /// Enables the user. Doing it again changes nothing.
    pub async fn enable_user(&self, account: AccountId, user: UserId) -> Result<()> {
        self.store
            .write(move |conn| {
                let user = users::lock(conn, account, user)?.ok_or(Error::NotFound)?;
                match user.status {
                    Status::Active => Ok(()),
                    Status::Disabled => Ok(users::set_status(conn, account, user.id, Status::Active)?),
                }
            })
            .await
    }
}
