//! Who works on something in the background, and until when without a sign of life.

use kernel::Time;

/// A lease.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// A random value.
    pub holder: [u8; 16],
    /// From when on another may take over.
    pub until: Time,
}

/// The present moment, and the latest at which a lease can end: one that ends later was taken by a clock that has been set
/// back since, and does not count.
#[derive(Clone, Copy, Debug)]
pub struct LeaseClock {
    /// The present moment.
    pub now: Time,
    /// No lease that counts ends later.
    pub latest: Time,
}

/// That nobody holds the lease of a row of this table.
macro_rules! is_free {
    ($table:ident, $clock:expr) => {
        $table::lease_until
            .is_null()
            .or($table::lease_until.lt($crate::sql_types::SqlTime($clock.now)))
            .or($table::lease_until.gt($crate::sql_types::SqlTime($clock.latest)))
    };
}
pub(in crate::tables) use is_free;
