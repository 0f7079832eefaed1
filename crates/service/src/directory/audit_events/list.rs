//! Lists the events of an account.

use ::audit::Entry;
use permissions::AuditRead;
use store::tables::{
    base::audit_events::{self, Along, Filters},
    directory::accounts,
};

use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        model::{Page, one_more},
        service::Service,
    },
};

impl Service {
    /// Up to `limit` events of the account that match the filters, before the one with the number `before`; the newest
    /// first.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such account.
    pub async fn list_audit_events(
        &self,
        by: &Allowed<AuditRead>,
        filters: Filters,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Page<Entry, i64>> {
        let account = by.account_id();
        self.store
            .read_much(account, move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let found = audit_events::page(conn, account, &filters, Along::Back(before), one_more(limit))?;
                Ok(Page::of(found, limit.into(), |entry| entry.sequence))
            })
            .await
    }
}
