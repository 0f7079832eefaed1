//! How many previous passwords a new one must differ from.

use crate::{Hasher, Password, PasswordHash, Verified};

/// How many of a user's previous passwords are remembered in addition to the current one, 0 to 24. A new password
/// differs from the current one and from these: even this many changes plus one in a row do not lead back to the first.
/// 0: it differs from the current one only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RememberLast(u8);

impl RememberLast {
    /// The most that can be remembered.
    pub const MAX: u8 = 24;

    /// `None` beyond 24.
    pub const fn new(count: u8) -> Option<Self> {
        if count <= Self::MAX { Some(Self(count)) } else { None }
    }

    /// The number as configured.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Hashes of previous passwords to keep in addition to the current one: 0 to 24. After a change, when the current
    /// one has become a previous one, keep this many, the newest, and delete the rest; also when the number is reduced.
    pub fn kept(self) -> usize {
        usize::from(self.0)
    }
}

/// Whether the password is one of `last`: the current one of a user and the previous ones that are
/// [`kept`](RememberLast::kept).
///
/// Each hash is compared, even after one has matched: the time does not reveal which one it was. Costs one hash each.
pub fn is_reused(hasher: &mut Hasher, password: &Password, last: &[PasswordHash]) -> bool {
    last.iter().fold(false, |found, hash| (hasher.verify(password, hash) != Verified::No) | found)
}

#[cfg(test)]
mod tests {
    use kernel::OsRandom;

    use super::*;
    use crate::HashParams;

    #[test]
    fn as_many_earlier_passwords_are_kept_as_the_number_says() {
        for count in [0, 1, 2, 24] {
            let remember = RememberLast::new(count).unwrap();
            assert_eq!((remember.get(), remember.kept()), (count, usize::from(count)));
        }
        assert_eq!(RememberLast::new(25), None);
    }

    #[test]
    fn nobody_gets_back_by_changing_once_more_than_is_remembered() {
        for count in [0_u8, 1, 2, 5, 24] {
            let remember = RememberLast::new(count).unwrap();
            let (mut present, mut earlier) = (0, Vec::new());
            for new in 1..=count {
                assert!(new != present && !earlier.contains(&new));
                earlier.insert(0, std::mem::replace(&mut present, new));
                earlier.truncate(remember.kept());
            }
            // The change after these would lead back to the first.
            assert!(present == 0 || earlier.contains(&0), "{count}");
        }
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
        let twice = [last[0].clone(), last[1].clone(), last[0].clone()];
        assert!(is_reused(&mut hasher, &password("winter 2024"), &twice), "also when two of them are the same");
    }
}
