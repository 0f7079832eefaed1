//! How often work is attempted, and how long a node keeps it each time.

use chrono::TimeDelta;
use kernel::{OsRandom, Random, Time};
use store::tables::base::lease::{Lease, LeaseClock};

/// Leases of work in the database. A part of it takes far less than ten seconds; even one that is taken over in vain is
/// done only once, since its transaction checks the lease again. A worker that does not come back was stopped by the
/// work itself, or by something that may pass: the leases grow, so that all attempts together take more than 5 minutes.
pub(in crate::jobs) const LEASES: Attempts = Attempts { most: 5, seconds: &[10, 20, 40, 80, 160] };

/// How far the clocks of two nodes may differ. A lease that ends later than this allows was taken by a clock that has
/// been set back since.
const CLOCKS_APART: TimeDelta = TimeDelta::minutes(1);

/// How often the same part of some work may be attempted, and for how long.
#[derive(Clone, Copy, Debug)]
pub(in crate::jobs) struct Attempts {
    /// Attempts, after which the part is given up.
    pub(in crate::jobs) most: u32,
    /// How long a node keeps the work without a sign of life, by the number of attempts that failed before. The last
    /// one is the longest, and that of all further attempts.
    pub(in crate::jobs) seconds: &'static [i64],
}

impl Attempts {
    /// How long a node keeps the work after this many failed attempts.
    pub(in crate::jobs) fn kept_after(self, failed: u32) -> TimeDelta {
        let place = usize::try_from(failed).unwrap_or(usize::MAX);
        let seconds = self.seconds.get(place).or_else(|| self.seconds.last());
        TimeDelta::seconds(seconds.copied().unwrap_or_default())
    }

    /// A lease for a new holder, after this many failed attempts.
    pub(in crate::jobs) fn lease(self, now: Time, failed: u32) -> Lease {
        Lease { holder: OsRandom.bytes(), until: now + self.kept_after(failed) }
    }

    /// A lease of the same holder, extended.
    pub(in crate::jobs) fn renewed(self, holder: [u8; 16], now: Time) -> Lease {
        Lease { holder, until: now + self.kept_after(0) }
    }

    /// The clock that decides which leases are valid.
    pub(in crate::jobs) fn clock(self, now: Time) -> LeaseClock {
        LeaseClock { now, latest: now + self.kept_after(u32::MAX) + CLOCKS_APART }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leases_of_attempts_in_vain_grow_and_are_bounded() {
        let seconds: Vec<_> = (0..8).map(|failed| LEASES.kept_after(failed).num_seconds()).collect();
        assert_eq!(seconds, [10, 20, 40, 80, 160, 160, 160, 160]);
    }
}
