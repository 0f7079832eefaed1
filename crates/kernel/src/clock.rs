//! Time is a parameter: only [`SystemClock`] reads it from the system.

use std::sync::Mutex;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// A time in UTC, in whole microseconds (what both databases store without rounding).
pub type Time = DateTime<Utc>;

/// Where `now` comes from.
pub trait Clock: Send + Sync {
    /// The current time, in whole microseconds.
    fn now(&self) -> Time;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Time {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands still until it is moved; for tests.
#[derive(Debug)]
pub struct ManualClock(Mutex<Time>);

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: Time) -> Self {
        Self(Mutex::new(start.trunc_subsecs(6)))
    }

    /// Moves the clock forward, or backward with a negative `by`.
    pub fn advance(&self, by: TimeDelta) {
        let mut now = self.lock();
        *now += by;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Time> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        *self.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_when_it_is_told_to() {
        let start = DateTime::from_timestamp(1_800_000_000, 123_456_789).unwrap();
        let clock = ManualClock::new(start);
        let shown = start - TimeDelta::nanoseconds(789);
        assert_eq!((clock.now(), clock.now()), (shown, shown));
        clock.advance(TimeDelta::hours(2));
        assert_eq!(clock.now(), shown + TimeDelta::hours(2));
        clock.advance(TimeDelta::hours(-3));
        assert_eq!(clock.now(), shown - TimeDelta::hours(1));
    }

    #[test]
    fn the_clock_of_the_machine_shows_this_century_in_whole_microseconds() {
        let now = SystemClock.now();
        assert!(now > DateTime::from_timestamp(1_700_000_000, 0).unwrap(), "{now}");
        assert_eq!(now, now.trunc_subsecs(6));
    }
}
