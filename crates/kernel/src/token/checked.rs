//! Random text in base62 that ends with a checksum of everything before it.

use crate::Random;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// 43 characters of 62 are 256.03 bits.
const RANDOM_CHARS: usize = 43;

/// Six characters of 62 hold the 32 bits of a CRC.
const CHECKSUM_CHARS: usize = 6;

/// Text of 256 random bits, with the checksum of `prefix` and itself.
pub(super) fn generate(prefix: &str, random: &mut impl Random) -> String {
    let mut body = String::with_capacity(RANDOM_CHARS + CHECKSUM_CHARS);
    while body.len() < RANDOM_CHARS {
        // Six bits of each byte; values that are no character are discarded, so that all characters are equally likely.
        let characters = random.bytes::<64>().into_iter().filter_map(|byte| character(byte & 0x3f));
        body.extend(characters.take(RANDOM_CHARS - body.len()));
    }
    let sum = checksum(prefix, &body);
    body.push_str(&sum);
    body
}

/// Whether `body` could have been made by [`generate`].
pub(super) fn fits(prefix: &str, body: &str) -> bool {
    body.len() == RANDOM_CHARS + CHECKSUM_CHARS
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && body.split_at_checked(RANDOM_CHARS).is_some_and(|(random, sum)| sum == checksum(prefix, random))
}

fn character(value: u8) -> Option<char> {
    ALPHABET.get(usize::from(value)).copied().map(char::from)
}

/// CRC-32 (ISO 3309) of prefix and text, the most significant character first. It protects against typos, not against
/// forgery: a forger would still have to guess 256 bits.
fn checksum(prefix: &str, text: &str) -> String {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(prefix.as_bytes());
    hasher.update(text.as_bytes());
    let mut rest = hasher.finalize();
    let mut sum = [0_u8; CHECKSUM_CHARS];
    for value in sum.iter_mut().rev() {
        *value = u8::try_from(rest % 62).unwrap_or_default();
        rest /= 62;
    }
    sum.into_iter().filter_map(character).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRandom;

    const PREFIX: &str = "lk_key_";

    #[test]
    fn the_checksum_is_a_crc_32_in_base_62() {
        // The check value of CRC-32 is 0xCBF43926.
        assert_eq!(checksum("", "123456789"), base_62(0xCBF4_3926));
        assert_eq!(checksum("12345", "6789"), base_62(0xCBF4_3926));
        assert_eq!(checksum("", "").len(), CHECKSUM_CHARS);
    }

    fn base_62(number: u32) -> String {
        let mut digits = Vec::new();
        let mut rest = number;
        while rest > 0 {
            digits.push(char::from(ALPHABET[usize::try_from(rest % 62).unwrap()]));
            rest /= 62;
        }
        digits.iter().rev().collect()
    }

    #[test]
    fn a_typo_is_told_without_looking_anything_up() {
        let body = generate(PREFIX, &mut OsRandom);
        assert!(fits(PREFIX, &body), "{body}");
        for at in 0..body.len() {
            // Another character, a missing one, two swapped ones.
            for other in ALPHABET.iter().filter(|other| **other != body.as_bytes()[at]) {
                let mut typo = body.clone().into_bytes();
                typo[at] = *other;
                assert!(!fits(PREFIX, std::str::from_utf8(&typo).unwrap()));
            }
            let mut missing = body.clone();
            missing.remove(at);
            assert!(!fits(PREFIX, &missing));
            let mut swapped = body.clone().into_bytes();
            if at + 1 < swapped.len() && swapped[at] != swapped[at + 1] {
                swapped.swap(at, at + 1);
                assert!(!fits(PREFIX, std::str::from_utf8(&swapped).unwrap()));
            }
        }
        assert!(!fits("lk_rt_", &body), "the prefix is part of it");
        assert!(!fits(PREFIX, &"é".repeat(25)));
        assert!(!fits(PREFIX, &format!("{body} ")));
    }

    /// Repeats the same bytes.
    struct Repeating(&'static [u8]);

    impl Random for Repeating {
        fn fill(&mut self, dest: &mut [u8]) {
            for (to, from) in dest.iter_mut().zip(self.0.iter().cycle()) {
                *to = *from;
            }
        }
    }

    #[test]
    fn the_low_six_bits_decide_and_what_is_discarded_is_made_up_for() {
        let body = generate(PREFIX, &mut Repeating(&[2, 0x42, 62, 63, 0xfe, 0xff, 61, 0x83]));
        assert_eq!(body.len(), RANDOM_CHARS + CHECKSUM_CHARS);
        assert!(body.starts_with(&"22z3".repeat(11)[..RANDOM_CHARS]), "{body}");
    }

    #[test]
    fn all_characters_come_about_equally_often() {
        let mut seen = std::collections::BTreeMap::<u8, u32>::new();
        for _ in 0..2_000 {
            for byte in generate(PREFIX, &mut OsRandom).bytes().take(RANDOM_CHARS) {
                *seen.entry(byte).or_default() += 1;
            }
        }
        // 86,000 characters: 1,387 of each, give or take 37. Eight times that has a chance of one in 10^15.
        assert_eq!(seen.len(), 62);
        assert!(seen.values().all(|count| (1_090..1_690).contains(count)), "{seen:?}");
    }
}
