//! The cost of password hashes.

/// The OWASP Password Storage Cheat Sheet's equivalent settings for Argon2id: (passes, minimum KiB). More passes make
/// up for less memory; beyond five the memory stays the same.
const FLOORS: [(u32, u32); 5] = [(1, 47_104), (2, 19_456), (3, 12_288), (4, 9_216), (5, 7_168)];

/// KiB that a hash may take, generated or imported: 256 MiB. A login must not be able to exhaust a small machine.
pub(super) const MAX_MEMORY_KIB: u32 = 256 * 1024;

/// Memory times passes, in KiB, that a hash may cost: 1 GiB, about one second of one core.
pub(super) const MAX_WORK_KIB: u64 = 1024 * 1024;

/// Lanes that a hash may have.
pub(super) const MAX_PARALLELISM: u32 = 64;

/// The cost of an Argon2id hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashParams {
    memory_kib: u32,
    iterations: u32,
    parallelism: u32,
}

/// The cost is out of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHashParams {
    /// Cheaper than OWASP's minimum.
    #[error("with iterations = {iterations}, memory must be at least {floor_kib} KiB (OWASP minimum)")]
    TooWeak {
        /// The requested iterations, at least one.
        iterations: u32,
        /// The minimum memory for them, in KiB.
        floor_kib: u32,
    },
    /// More than a login may cost.
    #[error("memory must be at most 262144 KiB, and memory times iterations at most 1048576 KiB")]
    TooCostly,
    /// No lane, or too many.
    #[error("parallelism must be from 1 to 64")]
    Parallelism,
}

impl HashParams {
    /// A cost of `memory_kib` KiB of memory, passed over `iterations` times in `parallelism` lanes.
    ///
    /// The minimum is OWASP's table: 46 MiB for one pass, 19 MiB for two, 12 for three, 9 for four, 7 for five and
    /// more. The maximum is 256 MiB, and 1 GiB for memory times iterations. The lanes are computed one after the other:
    /// more of them are not faster here; they exist for compatibility with other systems.
    pub fn new(memory_kib: u32, iterations: u32, parallelism: u32) -> Result<Self, InvalidHashParams> {
        let iterations = iterations.max(1);
        let floor_kib = FLOORS.iter().rev().find(|(passes, _)| *passes <= iterations).map_or(u32::MAX, |row| row.1);
        if memory_kib < floor_kib {
            return Err(InvalidHashParams::TooWeak { iterations, floor_kib });
        }
        if !within_ceiling(memory_kib, iterations) {
            return Err(InvalidHashParams::TooCostly);
        }
        if !(1..=MAX_PARALLELISM).contains(&parallelism) {
            return Err(InvalidHashParams::Parallelism);
        }
        Ok(Self { memory_kib, iterations, parallelism })
    }

    /// The minimum of Argon2: 8 KiB, one pass. A hash takes microseconds and protects nothing. Only for tests that do
    /// not test the cost.
    pub const fn weak_for_tests() -> Self {
        Self { memory_kib: 8, iterations: 1, parallelism: 1 }
    }

    /// Memory in KiB.
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub const fn iterations(self) -> u32 {
        self.iterations
    }

    /// Lanes.
    pub const fn parallelism(self) -> u32 {
        self.parallelism
    }
}

/// Whether a hash that costs this much may be computed at all.
pub(super) fn within_ceiling(memory_kib: u32, iterations: u32) -> bool {
    memory_kib <= MAX_MEMORY_KIB && u64::from(memory_kib) * u64::from(iterations) <= MAX_WORK_KIB
}

impl Default for HashParams {
    /// OWASP's first choice: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, parallelism: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_is_the_table_of_owasp() {
        for (iterations, floor_kib) in
            [(1, 47_104), (2, 19_456), (3, 12_288), (4, 9_216), (5, 7_168), (6, 7_168), (100, 7_168)]
        {
            assert!(HashParams::new(floor_kib, iterations, 1).is_ok(), "{iterations}");
            assert_eq!(
                HashParams::new(floor_kib - 1, iterations, 1),
                Err(InvalidHashParams::TooWeak { iterations, floor_kib })
            );
        }
        assert_eq!(
            HashParams::new(19_456, 0, 1),
            Err(InvalidHashParams::TooWeak { iterations: 1, floor_kib: 47_104 }),
            "no pass is read as one"
        );
    }

    #[test]
    fn the_ceiling_bounds_memory_and_work() {
        assert!(HashParams::new(262_144, 4, 64).is_ok());
        for (memory_kib, iterations) in [(262_145, 1), (262_144, 5), (u32::MAX, 1), (7_168, u32::MAX)] {
            assert_eq!(HashParams::new(memory_kib, iterations, 1), Err(InvalidHashParams::TooCostly));
        }
        for parallelism in [0, 65, u32::MAX] {
            assert_eq!(HashParams::new(19_456, 2, parallelism), Err(InvalidHashParams::Parallelism));
        }
    }

    #[test]
    fn a_cost_is_what_was_asked_for() {
        let params = HashParams::new(65_536, 3, 4).unwrap();
        assert_eq!((params.memory_kib(), params.iterations(), params.parallelism()), (65_536, 3, 4));
    }

    #[test]
    fn the_default_could_be_configured() {
        assert_eq!(HashParams::new(19_456, 2, 1), Ok(HashParams::default()));
    }
}
