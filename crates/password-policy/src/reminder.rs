//! When to tell users that their password is about to expire (ASVS 5.0 §6.4.5).

use chrono::TimeDelta;
use kernel::Time;

/// Days before the expiry when a user is reminded, the earliest first.
pub const REMINDER_DAYS: [u8; 3] = [14, 7, 1];

/// The reminder that is due at `now` for a password that was changed at `changed_at` and expires at `expires_at`: the
/// number of days before the expiry that it belongs to, 14, 7 or 1.
///
/// `last_sent` is what this function said when a reminder was last queued for this expiry. Where several were missed,
/// the latest alone is due; a reminder that would fall on a day before the change does not exist; none is due once the
/// password has expired.
pub fn due_reminder(changed_at: Time, expires_at: Time, last_sent: Option<u8>, now: Time) -> Option<u8> {
    let begun = |days: u8| reminder_at(expires_at, days).is_some_and(|moment| changed_at < moment && moment <= now);
    let due = REMINDER_DAYS.into_iter().rev().find(|days| begun(*days))?;
    (now < expires_at && last_sent.is_none_or(|sent| due < sent)).then_some(due)
}

/// The next moment after `now` at which a reminder becomes due; `None` after the last.
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
            assert_eq!(due_reminder(day(0), day(90), last_sent, day(now)), due, "day {now}, sent {last_sent:?}");
        }
    }

    #[test]
    fn a_short_life_has_fewer_reminders() {
        for (life, now, due) in [(14, 0, None), (14, 7, Some(7)), (7, 0, None), (7, 6, Some(1)), (1, 0, None)] {
            assert_eq!(due_reminder(day(0), day(life), None, day(now)), due, "life {life}, day {now}");
        }
    }

    #[test]
    fn the_next_moment_leads_from_one_reminder_to_the_other() {
        let mut now = day(0);
        let mut moments = Vec::new();
        while let Some(moment) = next_reminder_at(day(0), day(90), now) {
            moments.push(moment);
            now = moment;
        }
        assert_eq!(moments, [day(76), day(83), day(89)]);
        assert_eq!(next_reminder_at(day(0), day(1), day(0)), None);
        assert_eq!(next_reminder_at(day(0), DateTime::<chrono::Utc>::MIN_UTC, day(0)), None);
    }
}
