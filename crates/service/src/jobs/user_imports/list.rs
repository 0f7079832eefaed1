//! Lists the imports of an account.

use kernel::UserImportId;
use permissions::UserPermissions;
use store::tables::{
    directory::accounts,
    jobs::user_imports::{self, ImportStatus},
};

use super::UserImportView;
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        model::{Page, one_more},
        service::Service,
    },
};

impl Service {
    /// Up to `limit` imports of the account, newest first, with this status if one is given, after the one with the id
    /// `before`.
    ///
    /// # Errors
    /// [`Error::NotFound`]: there is no such account.
    pub async fn list_user_imports(
        &self,
        by: &Allowed<UserPermissions>,
        status: Option<ImportStatus>,
        before: Option<UserImportId>,
        limit: u16,
    ) -> Result<Page<UserImportView, UserImportId>> {
        let account = by.account_id();
        self.store
            .read(move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let found = user_imports::page(conn, account, status, before, one_more(limit))?;
                let page = Page::of(found, limit.into(), |import| import.id);
                Ok(Page { items: page.items.into_iter().map(UserImportView::from).collect(), next: page.next })
            })
            .await
    }
}
