//! Reads one role.

use kernel::RoleId;
use permissions::UserPermissions;
use store::tables::directory::roles;

use super::{RoleView, view::view_one};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

impl Service {
    /// This role of the account.
    pub async fn read_role(&self, by: &Allowed<UserPermissions>, role: RoleId) -> Result<RoleView> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                let role = roles::by_id(conn, account, role)?.ok_or(Error::NotFound)?;
                view_one(conn, &role)
            })
            .await
    }
}
