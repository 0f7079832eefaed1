//! Reads roles.

use kernel::RoleId;
use permissions::UserPermissions;
use store::tables::directory::{accounts, roles};

use super::{
    RoleView,
    view::{view, views_of},
};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        model::{Page, Versioned, one_more},
        service::Service,
    },
};

impl Service {
    /// This role of the account.
    pub async fn read_role(&self, by: &Allowed<UserPermissions>, role: RoleId) -> Result<Versioned<RoleView>> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                let role = roles::by_id(conn, account, role)?.ok_or(Error::NotFound)?;
                view(conn, role)
            })
            .await
    }

    /// Up to `limit` roles of the account after the one with the id `after`, oldest first.
    pub async fn list_roles(
        &self,
        by: &Allowed<UserPermissions>,
        after: Option<RoleId>,
        limit: u16,
    ) -> Result<Page<RoleView, RoleId>> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let found = roles::page(conn, account, after, one_more(limit))?;
                let page = Page::of(found, limit.into(), |role| role.id);
                Ok(Page { items: views_of(conn, account, page.items)?, next: page.next })
            })
            .await
    }
}
