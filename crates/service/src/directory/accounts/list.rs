//! Lists accounts, page by page.

use kernel::AccountId;
use permissions::PlatformAdministration;
use store::tables::directory::accounts::{self, AccountFilter};

use super::view::AccountView;
use crate::{
    authority::allowed::Allowed,
    base::{
        error::Result,
        model::{Page, one_more},
        service::Service,
    },
};

impl Service {
    /// Up to `limit` accounts that match `filter`, after the one with the id `after`, oldest first.
    pub async fn list_accounts(
        &self,
        _: &Allowed<PlatformAdministration>,
        filter: AccountFilter,
        after: Option<AccountId>,
        limit: u16,
    ) -> Result<Page<AccountView, AccountId>> {
        let found = self.store.read(move |conn| accounts::page(conn, &filter, after, one_more(limit))).await?;
        let views = found.into_iter().map(AccountView::from).collect();
        Ok(Page::of(views, limit.into(), |account: &AccountView| account.id))
    }
}
