//! Reads API keys.

use kernel::ApiKeyId;
use permissions::ApiKeys;
use store::tables::directory::{accounts, api_keys};

use super::{
    ApiKeyView,
    view::{view_one, views_of},
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
    /// This key of the account.
    pub async fn read_api_key(&self, by: &Allowed<ApiKeys>, key: ApiKeyId) -> Result<Versioned<ApiKeyView>> {
        let account = by.account_id();
        let now = self.core.now();
        self.store
            .read(move |conn| {
                let key = api_keys::by_id(conn, account, key)?.ok_or(Error::NotFound)?;
                view_one(conn, &key, now)
            })
            .await
    }

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
