//! PBKDF2 (RFC 8018) with HMAC-SHA-256 and HMAC-SHA-512.

use data_encoding::{BASE64, BASE64_NOPAD};
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{super::InvalidHash, field};

/// Iterations: two million take about a second. Django's default exceeded one million in 2025.
const ITERATIONS: std::ops::RangeInclusive<u32> = 1..=2_000_000;

/// A parsed PBKDF2 hash.
#[derive(Clone)]
pub(in crate::hash) struct Pbkdf2Hash {
    function: Function,
    iterations: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Function {
    Sha256,
    Sha512,
}

impl Function {
    /// `pbkdf2-sha256`, or `pbkdf2_sha256` as Django writes it.
    fn parse(word: &str) -> Result<Self, InvalidHash> {
        match word {
            "pbkdf2-sha256" | "pbkdf2_sha256" => Ok(Self::Sha256),
            "pbkdf2-sha512" | "pbkdf2_sha512" => Ok(Self::Sha512),
            _ => Err(InvalidHash::UnknownScheme),
        }
    }

    /// How many iterations in total: each further block of output costs all iterations again.
    fn rounds(self, iterations: u32, output_bytes: usize) -> u32 {
        let block = match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        };
        iterations.saturating_mul(u32::try_from(output_bytes.div_ceil(block)).unwrap_or(u32::MAX))
    }
}

impl Pbkdf2Hash {
    /// Parses what follows `$pbkdf2-sha256$`: `i=1000,l=32$salt$hash` (PHC) or `1000$salt$hash` (passlib, whose base64
    /// has a period instead of the plus sign).
    pub(super) fn parse_crypt(word: &str, fields: &str) -> Result<Self, InvalidHash> {
        let function = Function::parse(word)?;
        let [cost, salt, output] = field::split(fields)?;
        let is_phc = cost.contains('=');
        let plus = |text: &str| if is_phc { text.to_owned() } else { text.replace('.', "+") };
        let output = field::output(&plus(output), &BASE64_NOPAD)?;
        let iterations = match cost.split_once(",l=") {
            Some((iterations, length)) if usize::try_from(field::number(length)?) == Ok(output.len()) => {
                field::parameters(iterations, ["i"]).map(|[i]| i)?
            }
            Some(_) => return Err(InvalidHash::Malformed("the length of the hash differs from l")),
            None if is_phc => field::parameters(cost, ["i"]).map(|[i]| i)?,
            None => field::number(cost)?,
        };
        Self::new(function, iterations, field::salt(&plus(salt), &BASE64_NOPAD)?, output)
    }

    /// Parses what follows `pbkdf2_sha256$`: `1000$salt$hash`, where the salt is used literally.
    pub(super) fn parse_django(word: &str, fields: &str) -> Result<Self, InvalidHash> {
        let [iterations, salt, output] = field::split(fields)?;
        let (salt, output) = (field::plain_salt(salt)?, field::output(output, &BASE64)?);
        Self::new(Function::parse(word)?, field::number(iterations)?, salt, output)
    }

    fn new(function: Function, iterations: u32, salt: Vec<u8>, output: Vec<u8>) -> Result<Self, InvalidHash> {
        if function.rounds(iterations, output.len()) > *ITERATIONS.end() {
            return Err(InvalidHash::TooCostly("PBKDF2 with more than 2000000 iterations"));
        }
        if !ITERATIONS.contains(&iterations) {
            return Err(InvalidHash::Malformed("PBKDF2 must have at least 1 iteration"));
        }
        Ok(Self { function, iterations, salt, output })
    }

    pub(super) fn name(&self) -> &'static str {
        match self.function {
            Function::Sha256 => "pbkdf2-sha256",
            Function::Sha512 => "pbkdf2-sha512",
        }
    }

    /// Milliseconds that a check takes: a second for two million iterations.
    pub(super) fn milliseconds(&self) -> u64 {
        u64::from(self.function.rounds(self.iterations, self.output.len())) / 2_000
    }

    /// Compares in constant time.
    pub(in crate::hash) fn matches(&self, password: &[u8]) -> bool {
        let mut out = Zeroizing::new(vec![0; self.output.len()]);
        let derive = match self.function {
            Function::Sha256 => ::pbkdf2::pbkdf2_hmac::<Sha256>,
            Function::Sha512 => ::pbkdf2::pbkdf2_hmac::<Sha512>,
        };
        derive(password, &self.salt, self.iterations, &mut out);
        out.ct_eq(&self.output).into()
    }
}
