//! scrypt (RFC 7914).

use data_encoding::{BASE64, BASE64_NOPAD};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    super::{InvalidHash, params},
    field,
};

/// Bytes of one block for each unit of `r`.
const BLOCK: u64 = 128;

/// A parsed scrypt hash.
#[derive(Clone)]
pub(in crate::hash) struct ScryptHash {
    params: ::scrypt::Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl ScryptHash {
    /// Parses what follows `$scrypt$`: `ln=17,r=8,p=1$salt$hash`.
    pub(super) fn parse_phc(fields: &str) -> Result<Self, InvalidHash> {
        let [parameters, salt, output] = field::split(fields)?;
        let [log_n, r, p] = field::parameters(parameters, ["ln", "r", "p"])?;
        let (salt, output) = (field::salt(salt, &BASE64_NOPAD)?, field::output(output, &BASE64_NOPAD)?);
        Ok(Self { params: cost(log_n, r, p)?, salt, output })
    }

    /// Parses what follows `scrypt$`: `131072$salt$8$1$hash`, where the salt is used literally.
    pub(super) fn parse_django(fields: &str) -> Result<Self, InvalidHash> {
        let [n, salt, r, p, output] = field::split(fields)?;
        let n = field::number(n)?;
        if !n.is_power_of_two() || n < 2 {
            return Err(InvalidHash::Malformed("the scrypt cost must be a power of two"));
        }
        let params = cost(n.trailing_zeros(), field::number(r)?, field::number(p)?)?;
        Ok(Self { params, salt: field::plain_salt(salt)?, output: field::output(output, &BASE64)? })
    }

    /// Milliseconds that a check takes: a second for 256 MiB that are written.
    pub(super) fn milliseconds(&self) -> u64 {
        let r_and_p = u64::from(self.params.r()).saturating_mul(self.params.p().into());
        let n = 1_u64.checked_shl(self.params.log_n().into()).unwrap_or(u64::MAX);
        n.saturating_mul(r_and_p).saturating_mul(BLOCK) / 1024 / 262
    }

    /// Compares in constant time.
    pub(in crate::hash) fn matches(&self, password: &[u8]) -> bool {
        let mut out = Zeroizing::new(vec![0; self.output.len()]);
        // The only error is an output length that `field::output` refuses.
        ::scrypt::scrypt(password, &self.salt, &self.params, &mut out).is_ok_and(|()| out.ct_eq(&self.output).into())
    }
}

/// KiB that are written in total, N·r·p blocks: OWASP's settings write 128 MiB at most.
const MAX_WORK_KIB: u64 = 262_144;

/// The maximum of `r`: it is 8 everywhere, and the block of r·p bytes is memory too.
const MAX_R: u32 = 32;

/// The cost, limited to the memory of our own hashes and some tenths of a second.
fn cost(log_n: u32, r: u32, p: u32) -> Result<::scrypt::Params, InvalidHash> {
    let too_costly = InvalidHash::TooCostly("scrypt with r over 32, p over 64, or N times r times p over 256 MiB");
    if log_n == 0 || r == 0 || p == 0 {
        return Err(InvalidHash::Malformed("the scrypt parameters must be at least 1"));
    }
    let log_n = u8::try_from(log_n).map_err(|_| too_costly)?;
    let kib =
        1_u64.checked_shl(log_n.into()).and_then(|n| n.checked_mul(BLOCK * u64::from(r))).map(|bytes| bytes / 1024);
    let within = |kib: u64| {
        kib <= params::MAX_MEMORY_KIB.into()
            && kib.saturating_mul(p.into()) <= MAX_WORK_KIB
            && p <= params::MAX_PARALLELISM
            && r <= MAX_R
    };
    if !kib.is_some_and(within) {
        return Err(too_costly);
    }
    ::scrypt::Params::new(log_n, r, p).map_err(|_| too_costly)
}
