//! `[throttle]`

use chrono::TimeDelta;
use serde::Deserialize;
use service::Throttles;

use super::Invalid;

/// With more free attempts a counter slows nobody down.
const MOST_FREE: u32 = 100_000;

/// A longer delay would be a lock.
const LONGEST: TimeDelta = TimeDelta::weeks(1);

const FORGET_AFTER: TimeDelta = TimeDelta::days(366);

/// How guesses are slowed down. Unset values keep the built-in value of their counter.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Throttle {
    /// Wrong passwords for one name in one account.
    pub password_of_user: Patience,
    /// Wrong passwords from one source address (of IPv6, one /64 network).
    pub password_from_source: Patience,
    /// Wrong codes of one user, across all logins.
    pub code_of_user: Patience,
    /// Passwords that one user has hashed outside of sign-ins, and refreshes of one session: not guesses, but work.
    pub work: Patience,
    /// Passwords that one user has checked while typing.
    pub password_checks: Patience,
    /// Mails with activation codes to one user, and to one address of an account.
    pub mails_to_user: Patience,
}

/// The limits of one counter.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Patience {
    /// Failures without a delay.
    pub free: Option<u32>,
    /// Seconds of the first delay; each further failure doubles it.
    pub first_delay_seconds: Option<u32>,
    /// Seconds of the longest delay.
    pub longest_delay_seconds: Option<u32>,
    /// Seconds without an attempt after which the counter is reset; at least the longest delay.
    pub forget_after_seconds: Option<u32>,
}

impl Throttle {
    /// Checks the bounds.
    pub fn validate(&self) -> Result<(), Invalid> {
        let Throttles { password_of_user, password_from_source, code_of_user, work, password_checks, mails_to_user } =
            self.over(Throttles::default());
        for (key, policy) in [
            ("throttle.password_of_user", password_of_user),
            ("throttle.password_from_source", password_from_source),
            ("throttle.code_of_user", code_of_user),
            ("throttle.work", work),
            ("throttle.password_checks", password_checks),
            ("throttle.mails_to_user", mails_to_user),
        ] {
            if policy.first < TimeDelta::seconds(1) {
                return Err(Invalid::new(
                    key,
                    "the first delay must be at least 1 second; without one nothing is slowed down",
                ));
            }
            if policy.free > MOST_FREE {
                return Err(Invalid::new(key, format!("at most {MOST_FREE} wrong guesses can be free")));
            }
            if policy.longest > LONGEST {
                return Err(Invalid::new(key, "the longest delay must be at most 1 week"));
            }
            if policy.forget_after > FORGET_AFTER {
                return Err(Invalid::new(key, "what was counted must be forgotten after at most 1 year"));
            }
            if policy.first > policy.longest {
                return Err(Invalid::new(key, "the first delay must not be longer than the longest"));
            }
            if policy.longest > policy.forget_after {
                return Err(Invalid::new(key, "what was counted must be kept at least as long as the longest delay"));
            }
        }
        Ok(())
    }

    /// These values over the built-in ones.
    pub fn over(&self, defaults: Throttles) -> Throttles {
        Throttles {
            password_of_user: self.password_of_user.over(defaults.password_of_user),
            password_from_source: self.password_from_source.over(defaults.password_from_source),
            code_of_user: self.code_of_user.over(defaults.code_of_user),
            work: self.work.over(defaults.work),
            password_checks: self.password_checks.over(defaults.password_checks),
            mails_to_user: self.mails_to_user.over(defaults.mails_to_user),
        }
    }
}

impl Patience {
    fn over(self, defaults: auth::throttle::Policy) -> auth::throttle::Policy {
        let seconds = |set: Option<u32>, default| set.map_or(default, |seconds| TimeDelta::seconds(seconds.into()));
        auth::throttle::Policy {
            free: self.free.unwrap_or(defaults.free),
            first: seconds(self.first_delay_seconds, defaults.first),
            longest: seconds(self.longest_delay_seconds, defaults.longest),
            forget_after: seconds(self.forget_after_seconds, defaults.forget_after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_stays() {
        let throttle =
            Throttle { code_of_user: Patience { free: Some(3), ..Patience::default() }, ..Throttle::default() };
        let (set, defaults) = (throttle.over(Throttles::default()), Throttles::default());
        assert_eq!(set.code_of_user.free, 3);
        assert_eq!(set.code_of_user.longest, defaults.code_of_user.longest);
        assert_eq!(set.password_of_user.free, defaults.password_of_user.free);
    }

    #[test]
    fn delays_have_an_order() {
        let patience =
            Patience { first_delay_seconds: Some(100), longest_delay_seconds: Some(10), ..Patience::default() };
        let error = Throttle { code_of_user: patience, ..Throttle::default() }.validate().unwrap_err();
        assert_eq!(error.key, "throttle.code_of_user");
    }

    #[test]
    fn what_would_slow_nobody_down_or_lock_somebody_out_is_refused() {
        for patience in [
            Patience { first_delay_seconds: Some(0), ..Patience::default() },
            Patience { first_delay_seconds: Some(0), longest_delay_seconds: Some(0), ..Patience::default() },
            Patience { free: Some(u32::MAX), ..Patience::default() },
            Patience {
                longest_delay_seconds: Some(u32::MAX),
                forget_after_seconds: Some(u32::MAX),
                ..Patience::default()
            },
        ] {
            let error = Throttle { work: patience, ..Throttle::default() }.validate().unwrap_err();
            assert_eq!(error.key, "throttle.work");
        }
    }
}
