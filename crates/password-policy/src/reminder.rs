//! When to remind users that their password expires soon (ASVS 5.0 §6.4.5).

use chrono::TimeDelta;
use kernel::Time;

/// Days before the expiry when a user is reminded, the earliest first.
pub const REMINDER_DAYS: [u8; 3] = [14, 7, 1];

/// A reminder to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// The days before the expiry that it belongs to: 14, 7 or 1. Each expiry has one reminder of each.
    pub threshold: u8,
    /// The days that are left, rounded up: as many as the threshold says when it is in time, fewer when it is late.
    pub days_left: u8,
}

/// The reminder that is due at `now` for a password that was changed at `changed_at` and expires at `expires_at`.
///
/// `last_sent` is the threshold of the reminder that was last queued for this expiry. If several were missed, only the
/// latest is due, and says how many days are left. A reminder that would fall on a day before the change does not
/// exist; none is due once the password has expired.
pub fn due_reminder(changed_at: Time, expires_at: Time, last_sent: Option<u8>, now: Time) -> Option<Reminder> {
    let begun = |days: u8| reminder_at(expires_at, days).is_some_and(|moment| changed_at < moment && moment <= now);
    let threshold = REMINDER_DAYS.into_iter().rev().find(|days| begun(*days))?;
    let is_due = now < expires_at && last_sent.is_none_or(|sent| threshold < sent);
    is_due.then(|| Reminder { threshold, days_left: days_between(now, expires_at) })
}

/// Days from `now` to a later time, rounded up.
fn days_between(now: Time, later: Time) -> u8 {
    let left = later - now;
    let whole = left.num_days();
    let begun = i64::from(left > TimeDelta::days(whole));
    u8::try_from(whole.saturating_add(begun)).unwrap_or(u8::MAX)
}

/// The next time after `now` at which a reminder becomes due; `None` after the last.
pub fn next_reminder_at(changed_at: Time, expires_at: Time, now: Time) -> Option<Time> {
    let moments = REMINDER_DAYS.into_iter().filter_map(|days| reminder_at(expires_at, days));
    moments.into_iter().find(|moment| changed_at < *moment && now < *moment)
}

fn reminder_at(expires_at: Time, days: u8) -> Option<Time> {
    expires_at.checked_sub_signed(TimeDelta::days(i64::from(days)))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn day(n: i64) -> Time {
        DateTime::from_timestamp(1_800_000_000 + n * 86_400, 0).unwrap()
    }

    #[test]
    fn reminders_fall_14_7_and_1_days_before() {
        // now, last sent, due
        for (now, last_sent, due) in [
            (75, None, None),
            (76, None, Some(14)),
            (76, Some(14), None),
            (80, None, Some(14)),
            (83, Some(14), Some(7)),
            (83, None, Some(7)),
            (88, Some(7), None),
            (89, Some(7), Some(1)),
            (89, Some(14), Some(1)),
            (89, Some(1), None),
            (90, Some(7), None),
            (90, None, None),
            (400, None, None),
        ] {
            let reminder = due_reminder(day(0), day(90), last_sent, day(now));
            assert_eq!(reminder.map(|it| it.threshold), due, "day {now}, sent {last_sent:?}");
            // However late it is, it says what is left.
            assert!(reminder.is_none_or(|it| i64::from(it.days_left) == 90 - now), "day {now}: {reminder:?}");
        }
    }

    #[test]
    fn a_short_life_has_fewer_reminders() {
        for (life, now, due) in [(14, 0, None), (14, 7, Some(7)), (7, 0, None), (7, 6, Some(1)), (1, 0, None)] {
            let reminder = due_reminder(day(0), day(life), None, day(now));
            assert_eq!(reminder.map(|it| it.threshold), due, "life {life}, day {now}");
        }
    }

    #[test]
    fn the_next_moment_leads_from_one_reminder_to_the_other() {
        let next = |now: &Time| next_reminder_at(day(0), day(90), *now);
        let moments: Vec<_> = std::iter::successors(next(&day(0)), next).take(9).collect();
        assert_eq!(moments, [day(76), day(83), day(89)]);
        assert_eq!(next_reminder_at(day(0), day(1), day(0)), None);
        // None falls on the change itself, even while a clock that was set back has not reached it again.
        assert_eq!(next_reminder_at(day(0), day(14), day(-1)), Some(day(7)));
        assert_eq!(next_reminder_at(day(0), DateTime::<chrono::Utc>::MIN_UTC, day(0)), None);
    }

    proptest! {
        /// Maintenance runs at arbitrary times; between two runs the policy may move the expiry.
        #[test]
        fn whoever_is_reminded_is_told_what_is_left_and_of_each_threshold_once(
            looks in prop::collection::vec((1_i64..20 * 24 * 3600, prop::option::weighted(0.2, 1_i64..60 * 24 * 3600)), 1..60),
            life in 1_i64..90 * 24 * 3600,
        ) {
            let second = |n: i64| day(0) + TimeDelta::seconds(n);
            let (mut now, mut expires, mut sent) = (0, life, Vec::new());
            for (pause, moved_to) in looks {
                now += pause;
                expires = moved_to.map_or(expires, |from_now| now + from_now);
                let told = sent.iter().filter(|(of, _)| *of == expires).map(|(_, threshold)| *threshold).min();
                let Some(reminder) = due_reminder(day(0), second(expires), told, second(now)) else {
                    // Nobody is missed: within a threshold that the password has reached, a reminder was sent before.
                    let left = expires - now;
                    let due = REMINDER_DAYS.into_iter().rev().find(|days| left <= i64::from(*days) * 86_400);
                    let seen = due.is_some_and(|days| expires - i64::from(days) * 86_400 > 0);
                    prop_assert!(left <= 0 || !seen || told <= due && told.is_some(), "{left} {told:?}");
                    continue;
                };
                // The days left, counted independently.
                let mut days = 0;
                while now + days * 86_400 < expires {
                    days += 1;
                }
                prop_assert_eq!(i64::from(reminder.days_left), days);
                prop_assert!((1..=reminder.threshold).contains(&reminder.days_left));
                let passed = REMINDER_DAYS.into_iter().filter(|days| reminder.days_left <= *days).min();
                prop_assert_eq!(passed, Some(reminder.threshold), "a threshold that has passed is skipped");
                prop_assert!(!sent.contains(&(expires, reminder.threshold)));
                sent.push((expires, reminder.threshold));
            }
        }
    }
}
