//! A new password at the next sign-in.

use kernel::{AccountId, UserId};
use store::tables::users;

use crate::{Error, Result, service::Service};

impl Service {
    /// Makes the user choose a new password at the next sign-in. Doing it again changes nothing.
    pub async fn require_password_change(&self, account: AccountId, user: UserId) -> Result<()> {
        self.store
            .write(move |conn| {
                let user = users::lock(conn, account, user)?.ok_or(Error::NotFound)?;
                if user.password_change_required {
                    return Ok(());
                }
                Ok(users::require_password_change(conn, account, user.id)?)
            })
            .await
    }
}
