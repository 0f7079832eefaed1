//! Somebody who is gone for good.

use kernel::{AccountId, UserId};
use store::tables::{accounts, users};

use super::administrators::keep_one;
use crate::{Error, Result, service::Service, sign_in::attempts};

impl Service {
    /// Deletes the user and everything that belongs to the user: sessions and logins end at once. `if_version`: the
    /// version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`]; [`Error::Conflict`] when the account would be left without an administrator.
    pub async fn delete_user(&self, account: AccountId, user: UserId, if_version: Option<i64>) -> Result<()> {
        self.store
            .write(move |conn| {
                let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                accounts::lock(conn, account.id)?;
                let user = users::lock(conn, account.id, user)?.ok_or(Error::NotFound)?;
                if if_version.is_some_and(|version| version != user.version) {
                    return Err(Error::PreconditionFailed);
                }
                keep_one(conn, &account, |conn| Ok(users::delete(conn, account.id, user.id)?))?;
                attempts::clear(conn, &attempts::password_of(&account, &user))?;
                attempts::clear(conn, &attempts::code_of_user(account.id, user.id))
            })
            .await
    }
}
