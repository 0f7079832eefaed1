//! Reads one user.

use kernel::UserId;
use permissions::UserPermissions;
use store::tables::directory::users;

use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
    directory::users::{UserView, view_one},
};

impl Service {
    /// This user of the account.
    pub async fn read_user(&self, by: &Allowed<UserPermissions>, user: UserId) -> Result<UserView> {
        let account = by.account_id();
        let now = self.core.now();
        self.store
            .read(move |conn| {
                let user = users::by_id(conn, account, user)?.ok_or(Error::NotFound)?;
                view_one(conn, &user, now)
            })
            .await
    }
}
