//! Collects the events of a transaction and writes them at its end.

use std::collections::BTreeMap;

use ::audit::Event;
use kernel::{AccountId, Time};
use store::{Conn, tables::base::audit_events};

use crate::base::error::Result;

/// The events that a transaction has recorded.
#[derive(Debug, Default)]
pub(crate) struct Journal(BTreeMap<AccountId, Vec<Event>>);

impl Journal {
    /// Records an event in the chain of `account`: the account that it concerns, which is not always the actor's.
    pub(crate) fn record(&mut self, account: AccountId, event: Event) {
        self.0.entry(account).or_default().push(event);
    }

    /// The same events, each with this fact added.
    pub(crate) fn with(self, name: &str, fact: &str) -> Self {
        let with = |events: Vec<Event>| events.into_iter().map(|event| event.with(name, fact)).collect();
        Self(self.0.into_iter().map(|(account, events)| (account, with(events))).collect())
    }

    /// Adds all events of another journal after those of this one.
    pub(crate) fn append(&mut self, other: Self) {
        for (account, events) in other.0 {
            self.0.entry(account).or_default().extend(events);
        }
    }

    /// Writes the events. The chains are locked in the order of the accounts' ids, so that writers cannot deadlock.
    pub(crate) fn write(self, conn: &mut Conn, now: Time) -> Result<()> {
        for (account, events) in self.0 {
            audit_events::append(conn, account, now, events)?;
        }
        Ok(())
    }
}
