//! Who works on something in the background, and until when without a sign of life.

/// A lease.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// A random value.
    pub holder: [u8; 16],
    /// From when on another may take over.
    pub until: kernel::Time,
}

/// That nobody holds the lease of a row of this table at `now`. A lease that ends after `latest` was taken by a clock that
/// has been set back since, and does not count.
macro_rules! is_free {
    ($table:ident, $now:expr, $latest:expr) => {
        $table::lease_until
            .is_null()
            .or($table::lease_until.lt($crate::sql_types::SqlTime($now)))
            .or($table::lease_until.gt($crate::sql_types::SqlTime($latest)))
    };
}
pub(super) use is_free;
