//! Reads one role.

use kernel::{AccountId, RoleId};
use store::tables::directory::roles;

use super::{RoleView, view::view_one};
use crate::base::{
    error::{Error, Result},
    service::Service,
};

impl Service {
    /// This role of the account.
    pub async fn read_role(&self, account: AccountId, role: RoleId) -> Result<RoleView> {
        self.store
            .read(move |conn| {
                let role = roles::by_id(conn, account, role)?.ok_or(Error::NotFound)?;
                view_one(conn, &role)
            })
            .await
    }
}
