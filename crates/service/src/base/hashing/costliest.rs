//! Sets how long a failed login takes, so that its duration does not tell whether a costly hash was checked.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// A hash whose check takes this long or longer is costly: several times as long as one with today's parameters.
pub(crate) const COSTLY_FROM_MILLISECONDS: u32 = 100;

/// How many times the estimate a failed login takes: machines and their load differ.
const MARGIN: u32 = 2;

/// The estimate for the most costly imported hash that still exists, whichever node imported it. The import worker
/// keeps it current.
#[derive(Debug, Default)]
pub(crate) struct Costliest(AtomicU32);

impl Costliest {
    /// Sets the estimate; `None`: no hash is costly.
    pub(crate) fn set(&self, milliseconds: Option<u32>) {
        self.0.store(milliseconds.unwrap_or(0), Ordering::Relaxed);
    }

    /// How long a failed login takes at least: `configured`, or the time of the most costly check with a margin.
    /// `ours`: the milliseconds of a hash with today's parameters, which an unknown user name is checked against.
    pub(crate) fn least_time(&self, configured: Duration, ours: u32) -> Duration {
        let longest =
            [self.0.load(Ordering::Relaxed), ours].into_iter().filter(|it| *it >= COSTLY_FROM_MILLISECONDS).max();
        let longest = longest.unwrap_or(0).saturating_mul(MARGIN);
        configured.max(Duration::from_millis(longest.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_login_takes_as_long_as_the_most_costly_check_with_a_margin() {
        let costliest = Costliest::default();
        let least = |costliest: &Costliest, ours| costliest.least_time(Duration::from_millis(250), ours).as_millis();
        assert_eq!(least(&costliest, 38), 250);
        // Own hashes that are costly by configuration count too: otherwise a cheaper imported hash would be noticeable.
        assert_eq!(least(&costliest, 1_000), 2_000);
        costliest.set(Some(120));
        assert_eq!(least(&costliest, 38), 250);
        costliest.set(Some(1_000));
        assert_eq!(least(&costliest, 38), 2_000);
        costliest.set(None);
        assert_eq!(least(&costliest, 38), 250);
    }
}
