//! Since when a second factor has been required of users.
//!
//! An account may have a million users, and its policy can be switched at once: so one common moment applies to all of
//! whom a code is required since the same change, and only users who were moved individually have a moment of their
//! own.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Time, UserId};

use crate::Mode;

/// The users of whom a policy requires a second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// The mode.
    pub mode: Mode,
    /// The list; empty if the mode has none.
    pub listed: BTreeSet<UserId>,
}

impl Asking {
    /// Whether this user is asked.
    pub fn asks(&self, user: UserId) -> bool {
        self.mode.asks(self.listed.contains(&user))
    }

    /// Whether users who are not on the list are asked.
    const fn asks_others(&self) -> bool {
        self.mode.asks(false)
    }
}

/// Since when users are asked. Says nothing about users who are not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedSince {
    /// For everybody else; nobody is asked before they are created.
    pub common: Time,
    /// For these users.
    pub own: BTreeMap<UserId, Time>,
}

impl AskedSince {
    /// Since when this user is asked. The user must be one who is asked.
    pub fn of(&self, user: UserId) -> Time {
        self.own.get(&user).copied().unwrap_or(self.common)
    }

    /// The moments after the account has changed its policy at `now`: users who were asked before and still are keep
    /// theirs.
    #[must_use]
    pub fn after(&self, before: &Asking, after: &Asking, now: Time) -> Self {
        let stays = |user: UserId| before.asks(user) && after.asks(user);
        let mut own: BTreeMap<_, _> =
            self.own.iter().filter(|(user, _)| stays(**user)).map(|(user, since)| (*user, *since)).collect();
        let nobody_was = !before.asks_others() && !before.listed.iter().any(|user| before.asks(*user));
        if nobody_was || (after.asks_others() && !before.asks_others()) {
            // Most are asked from now on; those who were asked before are on the list of the previous policy.
            for user in before.listed.iter().copied().filter(|user| stays(*user)) {
                own.insert(user, self.of(user));
            }
            return Self { common: now, own };
        }
        let moved = before.listed.union(&after.listed).copied();
        own.extend(moved.filter(|user| !before.asks(*user) && after.asks(*user)).map(|user| (user, now)));
        Self { common: self.common, own }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn user(number: u8) -> UserId {
        UserId::from_uuid(uuid::Uuid::from_bytes([number; 16]))
    }

    fn day(number: i64) -> Time {
        DateTime::from_timestamp(number * 86_400, 0).unwrap()
    }

    fn asking() -> impl Strategy<Value = Asking> {
        let modes = vec![Mode::Disabled, Mode::AllUsers, Mode::SelectedUsers, Mode::AllUsersExcept];
        (prop::sample::select(modes), prop::collection::btree_set(0_u8..6, 0..4)).prop_map(|(mode, listed)| {
            let listed = if mode.has_list() { listed.into_iter().map(user).collect() } else { BTreeSet::new() };
            Asking { mode, listed }
        })
    }

    proptest! {
        #[test]
        fn everybody_is_asked_since_the_change_that_asked_them(policies in prop::collection::vec(asking(), 1..8)) {
            let mut before = Asking { mode: Mode::Disabled, listed: BTreeSet::new() };
            let mut since = AskedSince { common: day(0), own: BTreeMap::new() };
            // Users 6 and 7 are on no list.
            let mut expected: [Option<Time>; 8] = [None; 8];
            for (now, after) in (1..).map(day).zip(policies) {
                since = since.after(&before, &after, now);
                for (number, expected) in (0..).zip(&mut expected) {
                    let asked = after.asks(user(number));
                    *expected = if asked { Some(expected.unwrap_or(now)) } else { None };
                    if let Some(expected) = *expected {
                        prop_assert_eq!(since.of(user(number)), expected, "{} after {:?}", number, after);
                    }
                }
                prop_assert!(since.own.keys().all(|own| after.asks(*own)), "nothing is kept of who is not asked");
                before = after;
            }
        }
    }

    #[test]
    fn the_mode_and_the_list_decide_who_is_asked() {
        for (mode, listed, other) in
            [(Mode::AllUsers, true, true), (Mode::SelectedUsers, true, false), (Mode::AllUsersExcept, false, true)]
        {
            let asking = Asking { mode, listed: [user(1)].into() };
            assert_eq!((asking.asks(user(1)), asking.asks(user(2))), (listed, other), "{mode:?}");
        }
    }

    #[test]
    fn a_switch_for_all_writes_no_line_for_anybody() {
        let nobody = Asking { mode: Mode::Disabled, listed: BTreeSet::new() };
        let everybody = Asking { mode: Mode::AllUsers, listed: BTreeSet::new() };
        let some = Asking { mode: Mode::SelectedUsers, listed: (0..5).map(user).collect() };
        let since = AskedSince { common: day(0), own: BTreeMap::new() };
        for after in [everybody, some] {
            let since = since.after(&nobody, &after, day(1));
            assert_eq!(since, AskedSince { common: day(1), own: BTreeMap::new() }, "{after:?}");
        }
    }
}
