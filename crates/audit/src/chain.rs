//! Chains of entries: appending and verifying.

use kernel::{AccountId, Time};

use crate::{Entry, Event, Hash};

/// The end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last entry; 0 for an empty chain.
    pub sequence: i64,
    /// The hash of the last entry.
    pub hash: Hash,
}

impl Head {
    /// The end of an empty chain.
    pub const EMPTY: Self = Self { sequence: 0, hash: Hash::ZERO };

    /// Turns `event` into the next entry, and moves the head to it.
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
    /// An unexpected entry is in this place: entries were removed, inserted or reordered.
    Gap,
    /// The entry, or the one before it, was changed.
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
    /// The number of the first entry that is wrong.
    pub sequence: i64,
    /// What is wrong there.
    pub how: How,
}

/// A verification of an account's chain, from its beginning.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    account: AccountId,
    at: Head,
}

impl Walk {
    /// A walk before the first entry.
    pub const fn begin(account: AccountId) -> Self {
        Self { account, at: Head::EMPTY }
    }

    /// The number of the last entry that was correct.
    pub const fn sequence(&self) -> i64 {
        self.at.sequence
    }

    /// Verifies `entry`, which is the next one.
    ///
    /// # Errors
    /// When it is not the expected entry.
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

    /// Ends the walk after the last entry: checks that the chain ends here.
    ///
    /// # Errors
    /// When it does not.
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
        // All entries are consistent, but the head is not the end of these entries.
        Err(Broken { sequence: head.sequence, how: How::Altered })
    }
}
