//! Time steps.

use kernel::Time;

use super::PERIOD_SECONDS;

/// A count of [`PERIOD_SECONDS`] since 1970 (T in RFC 6238 §4.2). Negative before 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step(i64);

impl Step {
    /// The step with this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number, for the database.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The step in which `time` lies.
    pub fn at(time: Time) -> Self {
        // Rounds down, before 1970 too, where `/` would give two steps the number 0.
        Self(time.timestamp().div_euclid(i64::from(PERIOD_SECONDS)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_step_lasts_thirty_seconds_on_both_sides_of_1970() {
        for (seconds, step) in [(-31, -2), (-30, -1), (-1, -1), (0, 0), (29, 0), (30, 1), (1_234_567_890, 41_152_263)] {
            assert_eq!(Step::at(DateTime::from_timestamp(seconds, 0).unwrap()), Step::new(step), "{seconds} s");
        }
    }

    #[test]
    fn part_of_a_second_rounds_down() {
        assert_eq!(Step::at(DateTime::from_timestamp(29, 999_999_999).unwrap()).get(), 0);
        assert_eq!(Step::at(DateTime::from_timestamp(-1, 999_999_999).unwrap()).get(), -1);
    }

    #[test]
    fn the_ends_of_time_have_steps() {
        assert!(Step::at(Time::MIN_UTC) < Step::at(Time::MAX_UTC));
    }
}
