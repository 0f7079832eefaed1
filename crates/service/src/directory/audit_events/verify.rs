//! Verifies that the events of an account are unchanged.

use ::audit::{Broken, Head, Walk};
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

/// The result of walking along a chain.
#[derive(Clone, Copy, Debug)]
pub struct AuditVerification {
    /// Events that are as they were written, counted from the first.
    pub intact: i64,
    /// Where the chain is broken; `None`: nowhere.
    pub broken: Option<Broken>,
    /// The end of the chain when the walk began.
    pub head: Head,
}

impl Service {
    /// Walks along the account's chain, from the first event to the one that is the last right now, and stops where it
    /// is broken. It reads in pieces, each in its own transaction, so that no writer and no clean-up waits for a long
    /// walk.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such account.
    pub async fn verify_audit_events(&self, by: &Allowed<AuditRead>) -> Result<AuditVerification> {
        let account = by.account_id();
        // Rows beyond the head are checked as well: this program never writes one without moving the head.
        let (head, beyond) = self
            .store
            .read(move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let head = audit_heads::get(conn, account)?;
                let newest = audit_events::page(conn, account, &Filters::default(), Along::Back(None), 1)?;
                Ok::<_, Error>((head, newest.first().is_some_and(|newest| newest.sequence > head.sequence)))
            })
            .await?;
        let last = if beyond { i64::MAX } else { head.sequence };
        let mut walk = Walk::begin(account);
        loop {
            let along = Along::Forth(walk.sequence(), last);
            let piece = self
                .store
                .read_much(account, move |conn| {
                    Ok::<_, Error>(audit_events::page(conn, account, &Filters::default(), along, PIECE)?)
                })
                .await?;
            let broken = match piece.iter().try_for_each(|entry| walk.step(entry)) {
                Err(broken) => Some(broken),
                Ok(()) if piece.is_empty() => walk.end(&head).err(),
                Ok(()) => continue,
            };
            return Ok(AuditVerification { intact: walk.sequence(), broken, head });
        }
    }
}
