//! Lists the API keys of an account.

use kernel::ApiKeyId;
use permissions::ApiKeys;
use store::tables::directory::{accounts, api_keys};

use super::{ApiKeyView, view::views_of};
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        model::{Page, one_more},
        service::Service,
    },
};

impl Service {
    /// Up to `limit` keys of the account after the one with the id `after`, oldest first.
    pub async fn list_api_keys(
        &self,
        by: &Allowed<ApiKeys>,
        after: Option<ApiKeyId>,
        limit: u16,
    ) -> Result<Page<ApiKeyView, ApiKeyId>> {
        let account = by.account_id();
        let now = self.core.now();
        self.store
            .read(move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let found = api_keys::page(conn, account, after, one_more(limit))?;
                let page = Page::of(found, limit.into(), |key| key.id);
                Ok(Page { items: views_of(conn, account, &page.items, now)?, next: page.next })
            })
            .await
    }
}
