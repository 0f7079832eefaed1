//! A role that is gone.

use kernel::{AccountId, RoleId};
use store::tables::{accounts, roles};

use crate::{Error, Result, service::Service, users::keep_one};

impl Service {
    /// Deletes the role; whoever had it holds no more what only it carried. `if_version`: the version that the caller has
    /// seen.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`]; [`Error::Conflict`] when the account would be left without an administrator.
    pub async fn delete_role(&self, account: AccountId, role: RoleId, if_version: Option<i64>) -> Result<()> {
        self.store
            .write(move |conn| {
                let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                accounts::lock(conn, account.id)?;
                let role = roles::by_id(conn, account.id, role)?.ok_or(Error::NotFound)?;
                if if_version.is_some_and(|version| version != role.version) {
                    return Err(Error::PreconditionFailed);
                }
                keep_one(conn, &account, |conn| Ok(roles::delete(conn, account.id, role.id)?))
            })
            .await
    }
}
