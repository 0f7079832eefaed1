//! Argon2 (RFC 9106) in a PHC string: our own hashes, and those of other systems in any variant, version and cost.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::phc::{self, Output, Salt},
};
use subtle::ConstantTimeEq;

use super::super::{InvalidHash, params};

/// Bytes of a new salt (RFC 9106 §3.1).
pub(in crate::hash) const SALT_BYTES: usize = 16;

/// Bytes of a new hash.
pub(in crate::hash) const OUTPUT_BYTES: usize = 32;

/// A parsed Argon2 hash.
#[derive(Clone)]
pub(in crate::hash) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Salt,
    output: Output,
}

impl Argon2Hash {
    /// Parses `$argon2{i,d,id}$[v=…$]m=…,t=…,p=…[,keyid=…][,data=…]$salt$hash`. Without `v` it is version 16, which did
    /// not write its number yet.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidHash> {
        let phc = phc::PasswordHash::new(text).map_err(|_| InvalidHash::Malformed("it is not a PHC string"))?;
        let algorithm = Algorithm::new(phc.algorithm).map_err(|_| InvalidHash::UnknownScheme)?;
        let version = Version::try_from(phc.version.unwrap_or(u32::from(Version::V0x10)))
            .map_err(|_| InvalidHash::Malformed("the Argon2 version must be 16 or 19"))?;
        let named = |name| phc.params.get(name).is_some();
        if !["m", "t", "p"].into_iter().all(named) {
            return Err(InvalidHash::Malformed("Argon2 requires the parameters m, t and p"));
        }
        let params = Params::try_from(&phc).map_err(|_| InvalidHash::Malformed("the Argon2 parameters are invalid"))?;
        if !params::within_ceiling(params.m_cost(), params.t_cost()) || params.p_cost() > params::MAX_PARALLELISM {
            return Err(InvalidHash::TooCostly("Argon2 with m over 262144, m times t over 1048576, or p over 64"));
        }
        let salt = phc.salt.ok_or(InvalidHash::Malformed("it has no salt"))?;
        if salt.len() < Salt::MIN_LENGTH {
            return Err(InvalidHash::Malformed("the salt has fewer than 8 bytes"));
        }
        let output = phc.hash.ok_or(InvalidHash::Malformed("the part after the salt is missing"))?;
        Ok(Self { algorithm, version, params, salt, output })
    }

    pub(super) fn name(&self) -> &'static str {
        match self.algorithm {
            Algorithm::Argon2d => "argon2d",
            Algorithm::Argon2i => "argon2i",
            Algorithm::Argon2id => "argon2id",
        }
    }

    /// The id of the key that went into the hash; empty without one.
    pub(in crate::hash) fn key_id(&self) -> &[u8] {
        self.params.keyid()
    }

    /// Milliseconds that a check takes: memory times passes at 1 GiB a second.
    pub(super) fn milliseconds(&self) -> u64 {
        u64::from(self.params.m_cost()).saturating_mul(self.params.t_cost().into()) / 1024
    }

    /// Blocks of 1 KiB that a check takes.
    pub(in crate::hash) fn blocks(&self) -> usize {
        self.params.block_count()
    }

    /// Whether a new hash would have the same parameters as this one, given the current cost and key.
    pub(in crate::hash) fn is_current(&self, today: params::HashParams, key_id: &[u8]) -> bool {
        let cost = (self.params.m_cost(), self.params.t_cost(), self.params.p_cost());
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && cost == (today.memory_kib(), today.iterations(), today.parallelism())
            && self.key_id() == key_id
            && self.params.data().is_empty()
            && self.salt.len() >= SALT_BYTES
            && self.output.len() >= OUTPUT_BYTES
    }

    /// Whether `password` and `key` give this hash, compared in constant time. `memory` has at least
    /// [`blocks`](Self::blocks) blocks.
    pub(in crate::hash) fn matches(&self, password: &[u8], key: &[u8], memory: &mut [argon2::Block]) -> bool {
        let mut out = [0; Output::MAX_LENGTH];
        let Some(out) = out.get_mut(..self.output.len()) else { return false };
        // The parameters, the lengths and the memory were checked: no error can occur here.
        Argon2::new_with_secret(key, self.algorithm, self.version, self.params.clone())
            .and_then(|argon2| argon2.hash_password_into_with_memory(password, &self.salt, out, memory))
            .is_ok_and(|()| out.ct_eq(self.output.as_bytes()).into())
    }
}
