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

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{Action, Actor, ActorKind};

    fn account() -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(7))
    }

    /// Two entries, and the heads before, between and after them.
    fn chain() -> ([Entry; 2], [Head; 3]) {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut heads = [Head::EMPTY; 3];
        let mut append = |number: usize, action| {
            let mut head = heads[number - 1];
            let entry = head.append(account(), at, Event::new(Actor::unnamed(ActorKind::System), None, action));
            heads[number] = head;
            entry
        };
        let entries = [append(1, Action::UserCreated), append(2, Action::UserDeleted)];
        (entries, heads)
    }

    #[test]
    fn the_end_of_the_walk_says_how_the_head_differs() {
        let ([first, second], [_, between, head]) = chain();
        let mut walk = Walk::begin(account());
        assert_eq!(walk.sequence(), 0);
        walk.step(&first).unwrap();
        assert_eq!((walk.sequence(), walk.end(&between)), (1, Ok(())));
        assert_eq!(walk.end(&head), Err(Broken { sequence: 2, how: How::CutOff }));
        walk.step(&second).unwrap();
        assert_eq!((walk.sequence(), walk.end(&head)), (2, Ok(())));
        assert_eq!(walk.end(&between), Err(Broken { sequence: 2, how: How::Gap }));
        let other = Head { hash: between.hash, ..head };
        assert_eq!(walk.end(&other), Err(Broken { sequence: 2, how: How::Altered }));
    }

    #[test]
    fn an_entry_in_the_wrong_place_is_told_from_one_that_was_altered() {
        let ([first, second], _) = chain();
        let walk = Walk::begin(account());
        let broken = |entry: &Entry| {
            let mut walk = walk;
            walk.step(entry).map_err(|broken| (broken.sequence, broken.how))
        };
        assert_eq!(broken(&first), Ok(()));
        assert_eq!(broken(&second), Err((1, How::Gap)));
        let foreign = Entry { account_id: AccountId::from_uuid(Uuid::from_u128(8)), ..first.clone() };
        assert_eq!(broken(&foreign), Err((1, How::Gap)));
        let altered = Entry { outcome: "denied".to_owned(), ..first };
        assert_eq!(broken(&altered), Err((1, How::Altered)));
    }

    #[test]
    fn faults_have_names() {
        assert_eq!([How::Gap, How::Altered, How::CutOff].map(How::as_str), ["gap", "altered", "cut_off"]);
    }
}
