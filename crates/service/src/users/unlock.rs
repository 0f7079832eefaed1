//! The user need not wait.

use kernel::{AccountId, UserId};
use store::tables::{accounts, users};

use crate::{Error, Result, service::Service, sign_in::attempts};

impl Service {
    /// Forgets the wrong passwords and codes that were counted for the user. Doing it again changes nothing.
    pub async fn unlock_user(&self, account: AccountId, user: UserId) -> Result<()> {
        self.store
            .write(move |conn| {
                let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let user = users::by_id(conn, account.id, user)?.ok_or(Error::NotFound)?;
                attempts::clear(conn, &attempts::password_of(&account, &user))?;
                attempts::clear(conn, &attempts::code_of_user(account.id, user.id))
            })
            .await
    }
}
