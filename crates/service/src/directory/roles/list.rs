//! Lists the roles of an account.

use kernel::RoleId;
use permissions::UserPermissions;
use store::tables::directory::{accounts, roles};

use super::{RoleView, view::views_of};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        model::{Page, one_more},
        service::Service,
    },
};

impl Service {
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
                Ok(Page { items: views_of(conn, account, &page.items)?, next: page.next })
            })
            .await
    }
}
