//! Growing delays between guesses.
//!
//! A counter belongs to what is guessed at (the password of a name, the codes of a user) or to where guesses come from
//! (a source address). It is checked twice: before the guess is verified, to save the work, and again when the outcome
//! is known, under a lock. A caller who is too early at the *second* check does not get the outcome, right or wrong: so
//! parallel guesses get no more answers than guesses made one after another. Right guesses are not counted, however
//! many run.
//!
//! No lock is permanent: the delay doubles up to a bound and is forgotten after a while, so nobody can lock another
//! user out forever.
//!
//! ```text
//!  failures:  0 … free-1   free        free+1      free+2 …
//!  then wait:     0        first       2·first     4·first … ≤ longest
//! ```

use chrono::TimeDelta;
use kernel::Time;

/// The parameters of a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Failures without a delay.
    pub free: u32,
    /// The first delay; each further failure doubles it.
    pub first: TimeDelta,
    /// The longest delay.
    pub longest: TimeDelta,
    /// After this time without a wrong guess everything is forgotten; not shorter than [`Policy::longest`].
    pub forget_after: TimeDelta,
}

/// The state of a counter of wrong guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Wrong guesses.
    pub failures: u32,
    /// When the last of them was answered.
    pub last_failure_at: Time,
    /// When the next may be answered.
    pub blocked_until: Time,
}

/// Too early for another guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooEarly {
    /// How long to wait, rounded up to whole seconds; at least one.
    pub retry_after_seconds: u32,
}

impl Policy {
    /// Whether a guess may be answered at `now`. A guess that comes too early is not counted: hammering must not make
    /// the wait longer for the owner of the name.
    pub fn check(&self, counter: Option<Counter>, now: Time) -> Result<(), TooEarly> {
        // Below the free guesses there is no delay to wait for. (The moment of a failure may lie ahead of `now`: of guesses
        // that run in parallel the later one may have been answered first, perhaps by a node whose clock is ahead.)
        let known = self.known(counter, now).filter(|counter| counter.failures >= self.free);
        let Some(counter) = known else { return Ok(()) };
        // A clock that was set back must not make a delay longer than any that this policy gives.
        let wait = (counter.blocked_until - now).min(self.longest);
        if wait > TimeDelta::zero() {
            return Err(TooEarly { retry_after_seconds: whole_seconds(wait) });
        }
        Ok(())
    }

    /// The counter after a wrong guess at `now`, which [`Policy::check`] has allowed.
    pub fn fail(&self, counter: Option<Counter>, now: Time) -> Counter {
        let known = self.known(counter, now);
        let failures = known.map_or(0, |counter| counter.failures).saturating_add(1);
        let last_failure_at = known.map_or(now, |counter| counter.last_failure_at.max(now));
        Counter { failures, last_failure_at, blocked_until: last_failure_at + self.delay_after(failures) }
    }

    /// The counter, unless it is forgotten. One from further ahead than the longest delay is forgotten too: the clock
    /// was set back, and nobody should wait until it has caught up.
    fn known(&self, counter: Option<Counter>, now: Time) -> Option<Counter> {
        let age = |counter: &Counter| now - counter.last_failure_at;
        counter.filter(|counter| age(counter) < self.forget_after && age(counter) >= -self.longest)
    }

    /// The wait that follows this number of failures.
    fn delay_after(&self, failures: u32) -> TimeDelta {
        let Some(doublings) = failures.checked_sub(self.free) else { return TimeDelta::zero() };
        let factor = 1_i32.checked_shl(doublings.min(30)).unwrap_or(i32::MAX);
        self.first.checked_mul(factor).map_or(self.longest, |delay| delay.min(self.longest))
    }
}

fn whole_seconds(wait: TimeDelta) -> u32 {
    let up = wait.num_milliseconds().saturating_add(999).div_euclid(1_000).max(1);
    u32::try_from(up).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    const POLICY: Policy = Policy {
        free: 3,
        first: TimeDelta::seconds(1),
        longest: TimeDelta::minutes(15),
        forget_after: TimeDelta::hours(1),
    };

    fn start() -> Time {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn the_delay_doubles_up_to_its_bound() {
        let delays: Vec<_> = (1..=16).map(|failures| POLICY.delay_after(failures).num_seconds()).collect();
        assert_eq!(delays, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
        assert_eq!(POLICY.delay_after(u32::MAX), POLICY.longest);
    }

    fn wrong_guess(counter: Option<Counter>, now: Time) -> Result<Counter, TooEarly> {
        POLICY.check(counter, now).map(|()| POLICY.fail(counter, now))
    }

    #[test]
    fn who_comes_too_early_is_told_how_long_to_wait_and_not_counted() {
        let mut counter = None;
        for _ in 0..4 {
            let at = counter.map_or(start(), |counter: Counter| counter.blocked_until);
            counter = Some(wrong_guess(counter, at).unwrap());
        }
        let blocked = counter.unwrap();
        assert_eq!(blocked.blocked_until - blocked.last_failure_at, TimeDelta::seconds(2));
        let early = blocked.last_failure_at + TimeDelta::milliseconds(500);
        assert_eq!(POLICY.check(counter, early), Err(TooEarly { retry_after_seconds: 2 }));
        assert_eq!(POLICY.check(counter, blocked.blocked_until), Ok(()));
    }

    #[test]
    fn all_is_forgotten_after_a_while_and_a_clock_set_back_does_not_lock_for_long() {
        let counter = Counter { failures: 100, last_failure_at: start(), blocked_until: start() + POLICY.longest };
        assert_eq!(POLICY.fail(Some(counter), start() + POLICY.forget_after).failures, 1);
        assert_eq!(POLICY.check(Some(counter), start() - TimeDelta::days(300)), Ok(()));
        let longest = u32::try_from(POLICY.longest.num_seconds()).unwrap();
        let little = start() - TimeDelta::minutes(1);
        for early in [little, start() - POLICY.longest] {
            assert_eq!(POLICY.check(Some(counter), early), Err(TooEarly { retry_after_seconds: longest }), "{early}");
        }
    }

    #[test]
    fn a_failure_that_was_answered_first_blocks_no_free_guess_that_began_earlier() {
        let counter = POLICY.fail(None, start());
        let earlier = start() - TimeDelta::milliseconds(300);
        assert_eq!(POLICY.check(Some(counter), earlier), Ok(()));
        assert_eq!(POLICY.fail(Some(counter), earlier), Counter { failures: 2, ..counter });
    }

    proptest! {
        /// Guessing as fast as allowed gets at most `free` guesses plus those that the delays leave room for.
        #[test]
        fn guesses_are_bounded_whatever_their_rhythm(gaps in prop::collection::vec(0_i64..2_000, 1..300)) {
            let mut counter = None;
            let mut now = start();
            let mut counted = 0_u32;
            for gap in gaps {
                now += TimeDelta::seconds(gap);
                match wrong_guess(counter, now) {
                    Ok(next) => {
                        counted += 1;
                        prop_assert!(next.blocked_until - now <= POLICY.longest);
                        counter = Some(next);
                    }
                    Err(TooEarly { retry_after_seconds }) => {
                        let wait = TimeDelta::seconds(i64::from(retry_after_seconds));
                        prop_assert!(wait <= POLICY.longest + TimeDelta::seconds(1));
                        // Waiting the reported time is enough.
                        prop_assert!(POLICY.check(counter, now + wait).is_ok());
                    }
                }
            }
            let hours = u32::try_from((now - start()).num_hours()).unwrap() + 1;
            // After the free ones, ten doublings; then four an hour; a pause of an hour gives the free ones again.
            prop_assert!(counted <= hours * (POLICY.free + 14));
        }
    }
}
