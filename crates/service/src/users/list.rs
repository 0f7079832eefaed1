//! The people of an account.

use kernel::{AccountId, UserId};
use store::tables::{accounts, users};

use crate::{
    Error, Page, Result, UserView,
    model::{one_more, views_of},
    service::Service,
};

impl Service {
    /// Up to `limit` users of the account after the one with the id `after`, oldest first.
    pub async fn list_users(
        &self,
        account: AccountId,
        after: Option<UserId>,
        limit: u16,
    ) -> Result<Page<UserView, UserId>> {
        let now = self.core.now();
        self.store
            .read(move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let found = users::page(conn, account, after, one_more(limit))?;
                let page = Page::of(found, limit.into(), |user| user.id);
                Ok(Page { items: views_of(conn, account, &page.items, now)?, next: page.next })
            })
            .await
    }
}
