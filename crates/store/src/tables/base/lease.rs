//! Leases of background work: who holds it, and until when without renewal.

use std::fmt::Display;

use kernel::Time;

use crate::{Result, tables::inconsistent};

/// A lease.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// A random value.
    pub holder: [u8; 16],
    /// When another node may take over.
    pub until: Time,
}

/// The current time, and the latest at which a lease can end, or for which an attempt can be planned: one that ends
/// later was taken before the clock was set back, and does not count.
#[derive(Clone, Copy, Debug)]
pub struct LeaseClock {
    /// The current time.
    pub now: Time,
    /// No valid lease ends later.
    pub latest: Time,
}

/// Work that waits, and that nobody does now.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<Key> {
    /// Names the work.
    pub key: Key,
    /// How often work on the next part of it began without finishing.
    pub attempts: u32,
}

impl<Key> Waiting<Key> {
    /// The work in a row of `table`, which this `id` names.
    pub(in crate::tables) fn of(table: &'static str, id: impl Display, key: Key, attempts: i64) -> Result<Self> {
        let attempts = u32::try_from(attempts).map_err(|_| inconsistent(table, "attempts", id))?;
        Ok(Self { key, attempts })
    }
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

/// Renews the lease of a row, and makes everyone who wants it wait until the transaction ends; whether it is still
/// held. The next part of the work is about to be done: the attempts start over.
macro_rules! renew {
    ($conn:expr, $table:ident, $row:expr, $lease:expr) => {
        diesel::update($row.filter($table::lease_holder.eq($lease.holder.to_vec())))
            .set(($table::lease_until.eq($crate::sql_types::SqlTime($lease.until)), $table::attempts.eq(0)))
            .execute($conn)?
            == 1
    };
}
pub(in crate::tables) use renew;
