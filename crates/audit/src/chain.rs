//! Entries that hold on to each other.

use kernel::{AccountId, Time};

use crate::{Entry, Event, Hash};

/// The end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last entry; 0 of an empty chain.
    pub sequence: i64,
    /// The hash of the last entry.
    pub hash: Hash,
}

impl Head {
    /// The end of an empty chain.
    pub const EMPTY: Self = Self { sequence: 0, hash: Hash::ZERO };

    /// Makes the next entry of `event`, and is behind it then.
    pub fn append(&mut self, account: AccountId, at: Time, event: Event) -> Entry {
        let sequence = self.sequence.saturating_add(1);
        let entry = Entry::following(self.hash, account, sequence, at, event);
        *self = Self { sequence, hash: entry.hash.unwrap_or(Hash::ZERO) };
        entry
    }
}

/// How a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Another entry stands where this one is expected: entries were taken out, put in, or put in another order.
    Gap,
    /// The entry, or the one before it, is not what it was.
    Altered,
    /// The chain ends before its head.
    CutOff,
}

impl How {
    /// The name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Altered => "altered",
            Self::CutOff => "cut_off",
        }
    }
}

/// Where a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The number of the first entry that is not as it must be.
    pub sequence: i64,
    /// What is wrong there.
    pub how: How,
}

/// A walk along the chain of an account, from its beginning.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    account: AccountId,
    at: Head,
}

impl Walk {
    /// Stands before the first entry.
    pub const fn begin(account: AccountId) -> Self {
        Self { account, at: Head::EMPTY }
    }

    /// The number of the last entry that was as it must be.
    pub const fn sequence(&self) -> i64 {
        self.at.sequence
    }

    /// Goes on to `entry`, which stands next.
    ///
    /// # Errors
    /// Where it is not what must stand there.
    pub fn step(&mut self, entry: &Entry) -> Result<(), Broken> {
        let sequence = self.at.sequence.saturating_add(1);
        let broken = |how| Err(Broken { sequence, how });
        if entry.sequence != sequence || entry.account_id != self.account {
            return broken(How::Gap);
        }
        let expected = entry.hash_after(self.at.hash);
        if entry.hash != Some(expected) {
            return broken(How::Altered);
        }
        self.at = Head { sequence, hash: expected };
        Ok(())
    }

    /// The walk has come to the last entry: whether that is where the chain ends.
    ///
    /// # Errors
    /// When it is not.
    pub fn end(self, head: &Head) -> Result<(), Broken> {
        if self.at == *head {
            return Ok(());
        }
        if self.at.sequence < head.sequence {
            return Err(Broken { sequence: self.at.sequence.saturating_add(1), how: How::CutOff });
        }
        if self.at.sequence > head.sequence {
            return Err(Broken { sequence: head.sequence.saturating_add(1), how: How::Gap });
        }
        // All entries hold on to each other, but they are not those of which the head is the end.
        Err(Broken { sequence: head.sequence, how: How::Altered })
    }
}
