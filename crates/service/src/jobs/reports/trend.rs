//! Computes the day-by-day trend of the second factor.

use chrono::NaiveDate;
use kernel::Time;
use store::tables::jobs::two_factor_days::TwoFactorDay;

/// The state of an account at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrendPoint {
    /// The day, UTC.
    pub day: NaiveDate,
    /// The state; `None` before the first recorded day.
    pub known: Option<TwoFactorDay>,
}

const SECONDS_OF_DAY: i64 = 86_400;

/// The day of a time: days since 1970, UTC.
pub(crate) fn day_of(now: Time) -> i32 {
    i32::try_from(now.timestamp().div_euclid(SECONDS_OF_DAY)).unwrap_or(0)
}

/// The last `days` days up to the one of `present`, each with its state at the end. `seen`: the recorded states, each
/// from the beginning of a day, starting with the first of these days; `first`: the first day that was ever recorded.
///
/// The end of a day is the beginning of the next recorded day. Where days were not recorded, nothing was running that
/// could have changed anything in between.
pub(super) fn trend(seen: &[TwoFactorDay], first: Option<i32>, present: TwoFactorDay, days: u16) -> Vec<TrendPoint> {
    let today = present.day;
    let first = first.unwrap_or(today);
    let begin = today.saturating_sub(i32::from(days).saturating_sub(1));
    let mut points = Vec::new();
    for day in begin..=today {
        let Some(date) = NaiveDate::from_num_days_from_ce_opt(day.saturating_add(EPOCH)) else { continue };
        let end = seen.iter().find(|begun| begun.day > day).copied().unwrap_or(present);
        points.push(TrendPoint { day: date, known: (day >= first).then_some(end) });
    }
    points
}

/// 1970-01-01, in days of the Common Era.
const EPOCH: i32 = 719_163;

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(day: i32, enrolled: i64) -> TwoFactorDay {
        let taken_at = Time::from_timestamp(i64::from(day) * SECONDS_OF_DAY + 60, 0).unwrap();
        TwoFactorDay { day, users: 100, asked: 50, enrolled, not_enrolled: 50 - enrolled, asleep: 0, taken_at }
    }

    #[track_caller]
    fn enrolled(points: &[TrendPoint], expected: &[(&str, Option<i64>)]) {
        let found: Vec<_> =
            points.iter().map(|point| (point.day.to_string(), point.known.map(|day| day.enrolled))).collect();
        let expected: Vec<_> = expected.iter().map(|(day, enrolled)| ((*day).to_owned(), *enrolled)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_day_ended_as_the_next_one_began() {
        let begun = [seen(19_999, 1), seen(20_000, 2), seen(20_001, 3)];
        let points = trend(&begun, Some(19_990), seen(20_001, 4), 3);
        enrolled(&points, &[("2024-10-03", Some(2)), ("2024-10-04", Some(3)), ("2024-10-05", Some(4))]);
    }

    #[test]
    fn days_without_service_ended_as_the_service_found_them() {
        let begun = [seen(19_998, 1), seen(20_001, 3)];
        let points = trend(&begun, Some(19_998), seen(20_001, 4), 5);
        enrolled(
            &points,
            &[
                ("2024-10-01", None),
                ("2024-10-02", Some(3)),
                ("2024-10-03", Some(3)),
                ("2024-10-04", Some(3)),
                ("2024-10-05", Some(4)),
            ],
        );
    }

    #[test]
    fn before_anything_was_seen_only_the_present_is_known() {
        enrolled(&trend(&[], None, seen(20_001, 4), 2), &[("2024-10-04", None), ("2024-10-05", Some(4))]);
        // Soon after midnight the day has not been recorded yet.
        let begun = [seen(20_000, 2)];
        let points = trend(&begun, Some(20_000), seen(20_001, 4), 2);
        enrolled(&points, &[("2024-10-04", Some(4)), ("2024-10-05", Some(4))]);
    }

    #[test]
    fn days_begin_at_midnight_utc() {
        let at = |seconds| Time::from_timestamp(seconds, 0).unwrap();
        for (seconds, day) in [(0, 0), (86_399, 0), (86_400, 1), (-1, -1)] {
            assert_eq!(day_of(at(seconds)), day);
        }
    }
}
