//! Randomness is a parameter: only [`OsRandom`] reads it from the system.

/// A source of bytes fit for keys and tokens.
pub trait Random {
    /// Fills `dest` with random bytes.
    fn fill(&mut self, dest: &mut [u8]);

    /// `N` random bytes.
    fn bytes<const N: usize>(&mut self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }
}

impl Random for &mut dyn Random {
    fn fill(&mut self, dest: &mut [u8]) {
        (**self).fill(dest);
    }
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    /// # Panics
    /// When the operating system provides no randomness: no key or token may be made then.
    #[expect(clippy::expect_used, reason = "without randomness nothing safe can follow; the request ends here")]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
    fn fill(&mut self, dest: &mut [u8]) {
        getrandom::fill(dest).expect("the operating system gives randomness");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn key<R: Random>(mut random: R) -> [u8; 32] {
        random.bytes()
    }

    #[test]
    fn every_call_gives_other_bytes_behind_a_reference_too() {
        let behind = || key::<&mut dyn Random>(&mut OsRandom);
        let keys = [key(OsRandom), behind(), behind(), [0; 32]];
        assert_eq!(BTreeSet::from(keys).len(), 4, "{keys:?}");
    }
}
