//! Sessions and their refresh tokens.
//!
//! A session is alive until its absolute end, until it was idle for too long, or until it is ended. Each refresh token
//! is exchanged once, for the next one (RFC 9700 §4.14.2). A token that comes again was stolen, from the user or from the
//! thief, and ends the session; unless it comes again at once, before the next one was used: two tabs of one browser
//! send the same token at the same time, and a reply can be lost.

use chrono::TimeDelta;
use kernel::Time;

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// From the sign-in to the end, whatever happens (ASVS 5.0 §7.3.2).
    pub absolute: TimeDelta,
    /// From one refresh to the next (ASVS 5.0 §7.3.1).
    pub idle: TimeDelta,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its user signed out.
    Logout,
    /// A refresh token was used a second time.
    RefreshTokenReused,
    /// By an administrator, or by a change of the password or of the second factor.
    Revoked,
}

impl Ended {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::Revoked => "revoked",
        }
    }
}

/// The state that decides whether a session is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The absolute end.
    pub expires_at: Time,
    /// The end unless it is refreshed earlier.
    pub idle_expires_at: Time,
    /// Ended before its time.
    pub ended: bool,
}

impl Session {
    /// A session that begins now.
    pub fn begin(lifetimes: Lifetimes, now: Time) -> Self {
        let expires_at = now + lifetimes.absolute;
        Self { expires_at, idle_expires_at: expires_at.min(now + lifetimes.idle), ended: false }
    }

    /// Whether its tokens are valid.
    pub fn is_alive(&self, now: Time) -> bool {
        !self.ended && now < self.expires_at && now < self.idle_expires_at
    }
}

/// How long after its use a refresh token may come again, as long as its successor has not been used.
pub const REPEATABLE_FOR: TimeDelta = TimeDelta::seconds(10);

/// What is known of a refresh token that a client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// It has not been used.
    Unused,
    /// It was used then, and its successor has not been used.
    Predecessor {
        /// When it was used.
        used_at: Time,
    },
    /// It was used, and so was its successor.
    Outdated,
}

/// The result of using a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Issue a new pair; this is the new state of the session.
    Rotate(Session),
    /// Issue the same successor again. Nothing of the session changes.
    Repeat,
    /// The token was used before: the session ends, for the thief and for the user.
    EndSession,
    /// The session was over already.
    Refused,
}

/// Decides on a refresh token of `session`.
pub fn refresh(session: Session, presented: Presented, lifetimes: Lifetimes, now: Time) -> Refresh {
    if !session.is_alive(now) {
        return Refresh::Refused;
    }
    match presented {
        Presented::Unused => {
            Refresh::Rotate(Session { idle_expires_at: session.expires_at.min(now + lifetimes.idle), ..session })
        }
        // In both directions: the clock of another node may be behind.
        Presented::Predecessor { used_at } if (now - used_at).abs() <= REPEATABLE_FOR => Refresh::Repeat,
        Presented::Predecessor { .. } | Presented::Outdated => Refresh::EndSession,
    }
}

/// Whether a sign-in at `auth_time` is recent enough for an operation that requires at most `max_age` (RFC 9470). A
/// sign-in in the future is not: a clock was set back, and nobody knows by how much.
pub fn is_recent(auth_time: Time, max_age: TimeDelta, now: Time) -> bool {
    let tolerance = TimeDelta::seconds(5);
    auth_time <= now + tolerance && now - auth_time <= max_age
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    const LIFETIMES: Lifetimes = Lifetimes { absolute: TimeDelta::hours(12), idle: TimeDelta::minutes(30) };

    fn start() -> Time {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn an_idle_session_ends_and_a_refreshed_one_ends_later() {
        let session = Session::begin(LIFETIMES, start());
        assert!(session.is_alive(start() + TimeDelta::minutes(29)));
        assert!(!session.is_alive(start() + TimeDelta::minutes(30)));
        let Refresh::Rotate(session) = refresh(session, Presented::Unused, LIFETIMES, start() + TimeDelta::minutes(29))
        else {
            panic!("a live session is refreshed");
        };
        assert!(session.is_alive(start() + TimeDelta::minutes(58)));
        assert_eq!(refresh(session, Presented::Unused, LIFETIMES, start() + TimeDelta::minutes(59)), Refresh::Refused);
    }

    #[test]
    fn either_end_and_an_early_one_count_to_the_instant() {
        let session = Session { expires_at: start(), idle_expires_at: start(), ended: false };
        let before = start() - TimeDelta::microseconds(1);
        let later = start() + TimeDelta::hours(1);
        assert!(session.is_alive(before));
        assert!(!Session { ended: true, ..session }.is_alive(before));
        assert!(!Session { expires_at: later, ..session }.is_alive(start()));
        assert!(!Session { idle_expires_at: later, ..session }.is_alive(start()));
    }

    #[test]
    fn the_names_of_the_database_stay() {
        let reasons = [Ended::Logout, Ended::RefreshTokenReused, Ended::Revoked];
        assert_eq!(reasons.map(Ended::as_str), ["logout", "refresh_token_reused", "revoked"]);
    }

    #[test]
    fn a_used_token_ends_the_session() {
        let session = Session::begin(LIFETIMES, start());
        assert_eq!(refresh(session, Presented::Outdated, LIFETIMES, start()), Refresh::EndSession);
        let ended = Session { ended: true, ..session };
        let used_now = Presented::Predecessor { used_at: start() };
        for presented in [Presented::Unused, used_now, Presented::Outdated] {
            assert_eq!(refresh(ended, presented, LIFETIMES, start()), Refresh::Refused, "{presented:?}");
        }
    }

    #[test]
    fn a_token_that_comes_again_at_once_is_no_theft() {
        let session = Session::begin(LIFETIMES, start());
        let used = Presented::Predecessor { used_at: start() };
        for (milliseconds, expected) in [
            (-10_001, Refresh::EndSession),
            (-10_000, Refresh::Repeat),
            (0, Refresh::Repeat),
            (10_000, Refresh::Repeat),
            (10_001, Refresh::EndSession),
        ] {
            let now = start() + TimeDelta::milliseconds(milliseconds);
            assert_eq!(refresh(session, used, LIFETIMES, now), expected, "{milliseconds} ms");
        }
        // However late in its life: a repeat does not prolong a session.
        let late = session.idle_expires_at;
        assert_eq!(refresh(session, Presented::Predecessor { used_at: late }, LIFETIMES, late), Refresh::Refused);
    }

    #[test]
    fn recent_ends_with_the_age_and_does_not_lie_in_the_future() {
        let age = TimeDelta::minutes(15);
        for (seconds, recent) in [(-3_600, false), (-6, false), (-5, true), (0, true), (900, true), (901, false)] {
            assert_eq!(is_recent(start(), age, start() + TimeDelta::seconds(seconds)), recent, "{seconds} s");
        }
    }

    proptest! {
        #[test]
        fn no_chain_of_refreshes_outlives_the_absolute_end(gaps in prop::collection::vec(0_i64..3_000, 0..100)) {
            let mut session = Session::begin(LIFETIMES, start());
            let mut now = start();
            for gap in gaps {
                now += TimeDelta::seconds(gap);
                match refresh(session, Presented::Unused, LIFETIMES, now) {
                    Refresh::Rotate(next) => {
                        prop_assert!(now < start() + LIFETIMES.absolute);
                        prop_assert!(gap < 1_800);
                        prop_assert!(next.idle_expires_at <= next.expires_at);
                        session = next;
                    }
                    Refresh::Refused => prop_assert!(!session.is_alive(now)),
                    Refresh::EndSession | Refresh::Repeat => prop_assert!(false, "the token is new"),
                }
            }
        }
    }
}
