//! Computes which passwords expire within a time span, in a form that a database can look up.

use std::ops::RangeInclusive;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use kernel::Time;

use crate::{
    Expiry,
    expiry::{days, later, spread_seconds},
};

/// Passwords by the time of their last change and by their user's share of a spread: the last four bytes of the user's
/// id, the most significant first. Times are in whole microseconds, as the database stores them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiringRange {
    /// Changed at this time or later; `None`: no lower bound.
    pub changed_from: Option<Time>,
    /// Changed before this time; `None`: no upper bound.
    pub changed_before: Option<Time>,
    /// The user's share; all shares if nothing is spread.
    pub shares: RangeInclusive<u32>,
}

/// The shares of all users.
pub const ALL_SHARES: RangeInclusive<u32> = 0..=u32::MAX;

impl Expiry {
    /// The passwords that expire later than `after` (`None`: no lower bound) and at `until` at the latest (`None`: no
    /// upper bound). At most four ranges, which do not overlap; [`Expiry::expires_at`] computes the same for one
    /// password.
    pub fn expiring(&self, after: Option<Time>, until: Option<Time>) -> Vec<ExpiringRange> {
        let span = days(self.after_days);
        let mut ranges = Vec::new();
        // Older than the decision: all would expire at the same time, and are spread from there; or, if that is not
        // after the days were reduced, from then.
        if let Some(decided) = self.counted_from {
            let base = later(decided, span);
            let last = self.shortened_at.map(|moment| moment - base);
            let range = |shares| ExpiringRange { changed_from: None, changed_before: Some(decided), shares };
            if let Some(shortened) = self.shortened_at {
                let latest = earliest(until.map(|until| until - shortened), last);
                ranges.extend(self.shares(after.map(|after| after - shortened), latest).map(range));
            }
            let earliest = latest_of(after.map(|after| after - base), last);
            ranges.extend(self.shares(earliest, until.map(|until| until - base)).map(range));
        }
        // The others by their own age; what was overdue when the days were reduced is spread from then.
        let own = |limit: Option<Time>| limit.map(|limit| just_after(before(limit, span)));
        let mut range = |from: Option<Time>, changed_before: Option<Time>, shares: Option<RangeInclusive<u32>>| {
            let changed_from = latest_of(self.counted_from, from);
            let some = changed_from.zip(changed_before).is_none_or(|(from, before)| from < before);
            let range = |shares| ExpiringRange { changed_from, changed_before, shares };
            ranges.extend(shares.filter(|_| some).map(range));
        };
        if let Some(shortened) = self.shortened_at {
            let shares = self.shares(after.map(|after| after - shortened), until.map(|until| until - shortened));
            range(None, own(Some(shortened)), shares);
        }
        range(latest_of(own(after), own(self.shortened_at)), own(until), Some(ALL_SHARES));
        ranges
    }

    /// The shares that are postponed by more than `more_than` and at most by `at_most`.
    fn shares(&self, more_than: Option<TimeDelta>, at_most: Option<TimeDelta>) -> Option<RangeInclusive<u32>> {
        let spread = spread_seconds(self.spread_days);
        let last = spread.saturating_sub(1);
        let whole = |time: TimeDelta| time.num_microseconds().map_or(i64::MAX, |micros| micros.div_euclid(1_000_000));
        let first = more_than.map_or(0, |time| whole(time).saturating_add(1));
        let first = u64::try_from(first).unwrap_or(0);
        // Nobody is postponed by a negative time.
        let last = last.min(u64::try_from(at_most.map_or(i64::MAX, whole)).ok()?);
        if first > last {
            return None;
        }
        if spread == 0 {
            return Some(ALL_SHARES);
        }
        // The smallest share that is postponed by this many seconds or more.
        let share = |seconds: u64| (seconds << 32).div_ceil(spread);
        let first = u32::try_from(share(first)).ok()?;
        let last = u32::try_from(share(last + 1) - 1).unwrap_or(u32::MAX);
        Some(first..=last)
    }
}

/// The first time after this one that a database can represent.
fn just_after(moment: Time) -> Time {
    let micro = TimeDelta::microseconds(1);
    later(moment.duration_trunc(micro).unwrap_or(moment), micro)
}

fn before(moment: Time, by: TimeDelta) -> Time {
    moment.checked_sub_signed(by).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// The greater of both; `None` is smaller than everything.
fn latest_of<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    one.max(other)
}

/// The smaller of both; `None` is greater than everything.
fn earliest<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use kernel::UserId;
    use proptest::prelude::*;

    use super::*;

    fn second(n: i64) -> Time {
        DateTime::from_timestamp(1_800_000_000 + n, 0).unwrap()
    }

    fn user(share: u32) -> UserId {
        let mut bytes = *"01890a5d-ac96-774b-bcce-b302099a8057".parse::<UserId>().unwrap().as_bytes();
        bytes[12..].copy_from_slice(&share.to_be_bytes());
        UserId::from_uuid(uuid::Uuid::from_bytes(bytes))
    }

    /// Times that coincide often: multiples of half a day, give or take a microsecond.
    fn moment() -> impl Strategy<Value = Time> {
        (-20_i64..20, -1_i64..=1).prop_map(|(half, off)| second(half * 43_200) + TimeDelta::microseconds(off))
    }

    fn share() -> impl Strategy<Value = u32> {
        prop_oneof![Just(0), Just(u32::MAX), any::<u32>()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn the_ranges_hold_whose_password_expires_in_the_span(
            after_days in 1_u16..6,
            counted_from in proptest::option::of(moment()),
            shortened_at in proptest::option::of(moment()),
            spread_days in 0_u16..4,
            after in proptest::option::of(moment()),
            until in proptest::option::of(moment()),
            changed_at in moment(),
            share in share(),
        ) {
            let rule = Expiry { after_days, counted_from, shortened_at, spread_days };
            let expires_at = rule.expires_at(changed_at, user(share));
            let expected = after.is_none_or(|after| after < expires_at) && until.is_none_or(|until| expires_at <= until);
            let ranges = rule.expiring(after, until);
            let holds = |range: &&ExpiringRange| {
                range.changed_from.is_none_or(|from| from <= changed_at)
                    && range.changed_before.is_none_or(|before| changed_at < before)
                    && range.shares.contains(&share)
            };
            let holding = ranges.iter().filter(holds).count();
            prop_assert_eq!(holding, usize::from(expected), "{:?} expires at {}: {:?}", rule, expires_at, ranges);
            prop_assert!(ranges.len() <= 4);
        }
    }

    #[test]
    fn a_share_is_put_off_by_whole_seconds() {
        let rule = Expiry { after_days: 1, counted_from: Some(second(0)), shortened_at: None, spread_days: 1 };
        let (changed_at, base) = (second(-1), second(86_400));
        for seconds in [1, 43_201, 86_399] {
            let first = u32::try_from((u64::try_from(seconds).unwrap() << 32).div_ceil(86_400)).unwrap();
            let at = |seconds| base + TimeDelta::seconds(seconds);
            assert_eq!(rule.expires_at(changed_at, user(first)), at(seconds));
            assert_eq!(rule.expires_at(changed_at, user(first - 1)), at(seconds - 1));
            let shares = |after, until| rule.expiring(after, until).first().unwrap().shares.clone();
            assert_eq!(shares(None, Some(at(seconds - 1))), 0..=first - 1, "{seconds} s");
            assert_eq!(shares(Some(at(seconds - 1)), None), first..=u32::MAX, "{seconds} s");
        }
    }

    #[test]
    fn most_rules_need_one_range() {
        let rule = Expiry { after_days: 90, counted_from: None, shortened_at: None, spread_days: 0 };
        let now = second(0) + TimeDelta::nanoseconds(1_500);
        let expired = rule.expiring(None, Some(now));
        let before = second(-90 * 86_400) + TimeDelta::microseconds(2);
        assert_eq!(
            expired,
            [ExpiringRange { changed_from: None, changed_before: Some(before), shares: ALL_SHARES }],
            "a part of a microsecond is no reason to miss one"
        );
        let rest = rule.expiring(Some(now), None);
        assert_eq!(rest, [ExpiringRange { changed_from: Some(before), changed_before: None, shares: ALL_SHARES }]);
        assert_eq!(rule.expiring(Some(now), Some(now)), []);
    }
}
