//! How many earlier passwords a new one must differ from.

use crate::{Hasher, Password, PasswordHash, Verified};

/// How many of a user's last passwords are remembered, 0 to 24, the present one among them. The present one is always
/// remembered: 0 and 1 mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RememberLast(u8);

impl RememberLast {
    /// The most that can be remembered.
    pub const MAX: u8 = 24;

    /// `None` beyond 24.
    pub const fn new(count: u8) -> Option<Self> {
        if count <= Self::MAX { Some(Self(count)) } else { None }
    }

    /// The number as it was set.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Hashes to compare a new password with, and so to keep, the present one among them: 1 to 24. After a change, keep
    /// this many, the newest first, and delete the rest; when the number shrinks, too.
    pub fn kept(self) -> usize {
        usize::from(self.0).max(1)
    }
}

/// Whether the password is one of `last`, the newest of which are the [`kept`](RememberLast::kept) ones of a user.
///
/// Each hash is compared, also after one has matched: the time tells nobody which one it was. Costs one hash each.
pub fn is_reused(hasher: &mut Hasher, password: &Password, last: &[PasswordHash]) -> bool {
    last.iter().fold(false, |found, hash| (hasher.verify(password, hash) != Verified::No) | found)
}

#[cfg(test)]
mod tests {
    use kernel::OsRandom;

    use super::*;
    use crate::HashParams;

    #[test]
    fn the_present_password_is_always_remembered() {
        for (count, kept) in [(0, 1), (1, 1), (2, 2), (24, 24)] {
            assert_eq!(RememberLast::new(count).unwrap().kept(), kept);
        }
        assert_eq!(RememberLast::new(25), None);
    }

    #[test]
    fn any_of_the_last_is_found_and_others_are_not() {
        let mut hasher = Hasher::new(HashParams::weak_for_tests());
        let password = |text: &str| Password::new(text).unwrap();
        let last: Vec<_> =
            ["winter 2024", "spring 2025", "summer 2025"].map(|it| hasher.hash(&password(it), &mut OsRandom)).into();
        for (text, expected) in [("winter 2024", true), ("summer 2025", true), ("autumn 2025", false)] {
            assert_eq!(is_reused(&mut hasher, &password(text), &last), expected, "{text}");
        }
        assert!(!is_reused(&mut hasher, &password("winter 2024"), &[]));
    }
}
