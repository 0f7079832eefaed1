//! All accounts.

use kernel::AccountId;
use store::tables::accounts;

use crate::{Account, Actor, Page, Result, model::one_more, service::Service};

impl Service {
    /// Up to `limit` accounts after the one with the id `after`, oldest first. The caller is a platform administrator.
    pub async fn list_accounts(
        &self,
        actor: &Actor,
        after: Option<AccountId>,
        limit: u16,
    ) -> Result<Page<Account, AccountId>> {
        actor.allow_platform()?;
        let found = self.store.read(move |conn| accounts::page(conn, after, one_more(limit))).await?;
        Ok(Page::of(found, limit.into(), |account| account.id))
    }
}
