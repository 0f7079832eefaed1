//! Exports the events of an account, page by page.

use ::audit::Entry;
use kernel::AccountId;
use permissions::AuditRead;
use store::tables::{
    base::{
        audit_events::{self, Along, Filters},
        audit_heads,
    },
    directory::accounts,
};

use super::PIECE;
use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        service::Service,
    },
};

/// An export in progress. It ends with the event that was the last one when it began, however many follow meanwhile.
pub struct AuditExport {
    service: Service,
    account: AccountId,
    filters: Filters,
    after: i64,
    last: i64,
}

impl Service {
    /// Begins to export the events of the account that match the filters, the oldest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such account.
    pub async fn export_audit_events(&self, by: &Allowed<AuditRead>, filters: Filters) -> Result<AuditExport> {
        let account = by.account_id();
        let head = self
            .store
            .read(move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                Ok::<_, Error>(audit_heads::get(conn, account)?)
            })
            .await?;
        Ok(AuditExport { service: self.clone(), account, filters, after: 0, last: head.sequence })
    }
}

impl AuditExport {
    /// The next events; none when all were returned. No more than these are held in memory at once.
    pub async fn next(&mut self) -> Result<Vec<Entry>> {
        let (account, filters, along) = (self.account, self.filters.clone(), Along::Forth(self.after, self.last));
        let entries = self
            .service
            .store
            .read_much(account, move |conn| Ok::<_, Error>(audit_events::page(conn, account, &filters, along, PIECE)?))
            .await?;
        // Nothing is left: the next call must not read again.
        self.after = entries.last().map_or(self.last, |entry| entry.sequence);
        Ok(entries)
    }
}
