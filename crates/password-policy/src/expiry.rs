//! Computes when a password must be changed because of its age.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Time, UserId};

/// An account's setting: whether passwords expire, and what that means for existing ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpirySetting {
    pub(crate) after_days: Option<u16>,
    pub(crate) existing: ExistingPasswords,
    pub(crate) spread_days: u16,
}

impl ExpirySetting {
    /// Passwords do not expire.
    pub const NEVER: Self = Self { after_days: None, existing: ExistingPasswords::FromSwitchOn, spread_days: 0 };

    /// Days after its last change when a password expires, 1 to 3,650; `None`: never.
    pub const fn after_days(self) -> Option<u16> {
        self.after_days
    }

    /// From when the age of passwords counts that are older than the setting.
    pub const fn existing(self) -> ExistingPasswords {
        self.existing
    }

    /// Days over which expiries that would fall on the same time are spread, 0 to 365; 0: not spread.
    pub const fn spread_days(self) -> u16 {
        self.spread_days
    }
}

/// From when the age of a password counts that is older than the decision that passwords expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExistingPasswords {
    /// As if it had been changed when the setting was made: nobody is surprised.
    FromSwitchOn,
    /// From its real last change: users with an old password must change it at the next sign-in.
    FromLastChange,
}

impl ExistingPasswords {
    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FromSwitchOn => "from_switch_on",
            Self::FromLastChange => "from_last_change",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::FromSwitchOn, Self::FromLastChange].into_iter().find(|it| it.as_str() == text)
    }
}

/// The rule in force: a setting, and the times at which it was made. All four values are stored in the database and
/// come back as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// Days after its last change when a password expires, 1 to 3,650.
    pub after_days: u16,
    /// Passwords older than this count as changed at this time. `None`: all count from their real last change.
    pub counted_from: Option<Time>,
    /// When the days were reduced, or expiry began for passwords of any age: what was overdue then is spread from here.
    pub shortened_at: Option<Time>,
    /// Days over which to spread, 0 to 365.
    pub spread_days: u16,
}

impl Expiry {
    /// The rule after an account has made `setting` at `now`, where `before` was in force. `None`: passwords do not
    /// expire.
    pub fn adopt(before: Option<Self>, setting: ExpirySetting, now: Time) -> Option<Self> {
        let after_days = setting.after_days?;
        let from_switch_on = setting.existing == ExistingPasswords::FromSwitchOn;
        let spread_days = setting.spread_days;
        Some(match before {
            None if from_switch_on => Self { after_days, counted_from: Some(now), shortened_at: None, spread_days },
            None => Self { after_days, counted_from: None, shortened_at: Some(now), spread_days },
            Some(before) => {
                // A change of the days does not make a password younger: the time of the first setting is kept.
                let counted_from = before.counted_from.filter(|_| from_switch_on);
                let stricter = after_days < before.after_days || counted_from != before.counted_from;
                let shortened_at = if stricter { Some(now) } else { before.shortened_at };
                Self { after_days, counted_from, shortened_at, spread_days }
            }
        })
    }

    /// When the password of `user` expires that was last changed at `changed_at`.
    ///
    /// Where many would expire at the same time because of a decision rather than of their own change, each user's
    /// expiry is postponed by a part of `spread_days` that is always the same for that user.
    pub fn expires_at(&self, changed_at: Time, user: UserId) -> Time {
        let put_off = offset(user, self.spread_days);
        let expires_at = match self.counted_from {
            Some(moment) if changed_at < moment => later(later(moment, days(self.after_days)), put_off),
            _ => later(changed_at, days(self.after_days)),
        };
        match self.shortened_at {
            Some(moment) if expires_at <= moment => later(moment, put_off),
            _ => expires_at,
        }
    }
}

/// A user's part of `spread_days`, uniformly distributed. The last bits of a `UUIDv7` are random (RFC 9562 §5.7), so
/// no hash is needed.
fn offset(user: UserId, spread_days: u16) -> TimeDelta {
    let [.., a, b, c, d] = *user.as_bytes();
    let share = u64::from(u32::from_be_bytes([a, b, c, d]));
    let seconds = (share * spread_seconds(spread_days)) >> 32;
    TimeDelta::seconds(i64::try_from(seconds).unwrap_or(0))
}

/// The length of a spread, in seconds.
pub(crate) fn spread_seconds(spread_days: u16) -> u64 {
    u64::from(spread_days) * 86_400
}

pub(crate) fn days(days: u16) -> TimeDelta {
    TimeDelta::days(i64::from(days))
}

pub(crate) fn later(moment: Time, by: TimeDelta) -> Time {
    moment.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Time {
        DateTime::from_timestamp(1_800_000_000 + n * 86_400, 0).unwrap()
    }

    /// A user whose share of a spread is `share` of 2³².
    fn user(share: u32) -> UserId {
        let mut bytes = *"01890a5d-ac96-774b-bcce-b302099a8057".parse::<UserId>().unwrap().as_bytes();
        bytes[12..].copy_from_slice(&share.to_be_bytes());
        UserId::from_uuid(uuid::Uuid::from_bytes(bytes))
    }

    const FIRST: u32 = 0;
    const MIDDLE: u32 = 1 << 31;
    const LAST: u32 = u32::MAX;

    fn setting(after_days: u16, existing: ExistingPasswords, spread_days: u16) -> ExpirySetting {
        ExpirySetting { after_days: Some(after_days), existing, spread_days }
    }

    use ExistingPasswords::{FromLastChange, FromSwitchOn};

    #[test]
    fn never_is_no_rule() {
        assert_eq!(Expiry::adopt(None, ExpirySetting::NEVER, day(0)), None);
        let before = Expiry::adopt(None, setting(90, FromSwitchOn, 0), day(0));
        assert_eq!(Expiry::adopt(before, ExpirySetting::NEVER, day(1)), None);
    }

    #[test]
    fn old_passwords_count_from_the_day_of_the_switch() {
        let rule = Expiry::adopt(None, setting(90, FromSwitchOn, 0), day(0)).unwrap();
        for (changed, expires) in [(-1000, 90), (-1, 90), (0, 90), (1, 91), (200, 290)] {
            assert_eq!(rule.expires_at(day(changed), user(LAST)), day(expires), "changed on day {changed}");
        }
    }

    #[test]
    fn or_from_their_last_change_where_the_account_says_so() {
        let rule = Expiry::adopt(None, setting(90, FromLastChange, 0), day(0)).unwrap();
        for (changed, expires) in [(-1000, 0), (-90, 0), (-89, 1), (0, 90), (5, 95)] {
            assert_eq!(rule.expires_at(day(changed), user(LAST)), day(expires), "changed on day {changed}");
        }
    }

    #[test]
    fn a_shorter_time_is_spread_over_days() {
        let before = Expiry::adopt(None, setting(365, FromLastChange, 0), day(-500));
        let rule = Expiry::adopt(before, setting(90, FromLastChange, 30), day(0)).unwrap();
        for (changed, share, expires) in [
            (-300, FIRST, day(0)),
            (-300, MIDDLE, day(15)),
            (-90, MIDDLE, day(15)),
            (-89, MIDDLE, day(1)),
            (0, LAST, day(90)),
        ] {
            assert_eq!(rule.expires_at(day(changed), user(share)), expires, "changed on day {changed}");
        }
        let last = rule.expires_at(day(-300), user(LAST));
        assert!(last < day(30) && last > day(29), "{last}");
    }

    #[test]
    fn the_switch_itself_is_spread_too() {
        let rule = Expiry::adopt(None, setting(90, FromSwitchOn, 10), day(0)).unwrap();
        assert_eq!(rule.expires_at(day(-400), user(FIRST)), day(90));
        assert_eq!(rule.expires_at(day(-400), user(MIDDLE)), day(95));
        assert_eq!(rule.expires_at(day(1), user(MIDDLE)), day(91), "a change of one's own is not put off");
    }

    #[test]
    fn saving_again_or_a_longer_time_moves_nobody_closer() {
        let first = Expiry::adopt(None, setting(90, FromSwitchOn, 0), day(0));
        assert_eq!(Expiry::adopt(first, setting(90, FromSwitchOn, 0), day(50)), first);
        let longer = Expiry::adopt(first, setting(180, FromSwitchOn, 0), day(50)).unwrap();
        assert_eq!(longer.expires_at(day(-400), user(LAST)), day(180));
        let shorter = Expiry::adopt(first, setting(30, FromSwitchOn, 0), day(50)).unwrap();
        assert_eq!(shorter.expires_at(day(-400), user(LAST)), day(50), "counts from day 0 still");
        assert_eq!(shorter.expires_at(day(40), user(LAST)), day(70));
    }

    #[test]
    fn the_end_of_time_is_no_overflow() {
        let rule = Expiry::adopt(None, setting(3650, FromLastChange, 365), day(0)).unwrap();
        assert_eq!(rule.expires_at(DateTime::<Utc>::MAX_UTC, user(LAST)), DateTime::<Utc>::MAX_UTC);
        assert_eq!(rule.expires_at(DateTime::<Utc>::MIN_UTC, user(FIRST)), day(0));
    }
}
