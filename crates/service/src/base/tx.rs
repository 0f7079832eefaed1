//! Runs a write transaction: a change, and the events that tell of it, are written together.

use std::sync::Arc;

use ::audit::Event;
use kernel::{AccountId, Time};
use store::{Conn, savepoint};

use crate::base::{
    audit::Journal,
    error::Result,
    service::{Core, Service},
};

/// A write transaction: what a change uses, and the events that it records.
pub(crate) struct Tx<'c> {
    pub(crate) conn: &'c mut Conn,
    pub(crate) core: &'c Core,
    /// When the change was asked for. It stays the same if the transaction is repeated.
    pub(crate) now: Time,
    pub(crate) journal: Journal,
}

impl Tx<'_> {
    /// Records an event in the chain of `account`: the account that it concerns, which is not always the actor's. It is
    /// written at the end of the transaction.
    pub(crate) fn record(&mut self, account: AccountId, event: Event) {
        self.journal.record(account, event);
    }

    /// Runs `f` with a journal of its own, which it returns. If `f` fails, what it has done is undone, and nothing else.
    ///
    /// # Errors
    /// Those of `f`.
    pub(crate) fn apart<T>(&mut self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<(T, Journal)> {
        let (core, now) = (self.core, self.now);
        savepoint(self.conn, |conn| {
            let mut tx = Tx { conn, core, now, journal: Journal::default() };
            let outcome = f(&mut tx)?;
            Ok((outcome, tx.journal))
        })
    }
}

impl Service {
    /// Runs `f` in a transaction, and then writes the events that it recorded, in the same transaction.
    ///
    /// For what the service does by itself, and for callers who prove in the transaction who they are, such as somebody
    /// who signs in. What a signed-in caller does goes through [`Service::act`](Service::act).
    ///
    /// # Errors
    /// Those of `f`: then nothing is changed and no event is written.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.transact_at(self.core.now(), f).await
    }

    /// As [`Self::transact`], for a change that was asked for at `now`, when other work for it began, such as hashing a
    /// password.
    ///
    /// # Errors
    /// Those of `f`.
    pub(crate) async fn transact_at<T: Send + 'static>(
        &self,
        now: Time,
        mut f: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let core = Arc::clone(&self.core);
        self.store
            .write(move |conn| {
                let mut tx = Tx { conn, core: &core, now, journal: Journal::default() };
                let outcome = f(&mut tx)?;
                let Tx { conn, journal, .. } = tx;
                journal.write(conn, core.now())?;
                Ok(outcome)
            })
            .await
    }
}
