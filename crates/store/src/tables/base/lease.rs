//! Leases of background work: who holds it, and until when without renewal.

use kernel::Time;

/// A lease.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// A random value.
    pub holder: [u8; 16],
    /// When another node may take over.
    pub until: Time,
}

/// The current time, and the latest at which a lease can end: one that ends later was taken before the clock was set
/// back, and does not count.
#[derive(Clone, Copy, Debug)]
pub struct LeaseClock {
    /// The current time.
    pub now: Time,
    /// No valid lease ends later.
    pub latest: Time,
}

/// The condition that nobody holds the lease of a row of this table.
macro_rules! is_free {
    ($table:ident, $clock:expr) => {
        $table::lease_until
            .is_null()
            .or($table::lease_until.lt($crate::sql_types::SqlTime($clock.now)))
            .or($table::lease_until.gt($crate::sql_types::SqlTime($clock.latest)))
    };
}
pub(in crate::tables) use is_free;
