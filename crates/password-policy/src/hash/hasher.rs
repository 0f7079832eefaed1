//! Hashes passwords and verifies them.

use std::{fmt, sync::Arc};

use argon2::{
    Algorithm, Argon2, Block, Params, ParamsBuilder, Version,
    password_hash::phc::{self, Ident, Output, ParamsString, Salt},
};
use kernel::Random;

use super::{
    HashParams, PasswordHash, Peppers,
    scheme::{
        Scheme,
        argon2::{Argon2Hash, OUTPUT_BYTES, SALT_BYTES},
    },
};
use crate::Password;

/// Hashes passwords and compares them with hashes. One for each hashing thread: it keeps the memory that Argon2 works
/// in, because allocating 19 MiB anew costs up to a third of the hash.
///
/// The memory is allocated at the first hash; [`release_memory`](Self::release_memory) frees it.
pub struct Hasher {
    params: HashParams,
    peppers: Arc<Peppers>,
    memory: Vec<Block>,
}

/// The result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// Another password.
    No,
    /// The password, and its hash is what a new one would be.
    Yes,
    /// The password, but its hash has another scheme, cost or key than a new one would: hash it again while the
    /// password is at hand.
    YesButOutdated,
}

impl Hasher {
    /// A hasher for new hashes of this cost, without a pepper.
    pub fn new(params: HashParams) -> Self {
        Self::with_peppers(params, Peppers::default())
    }

    /// A hasher that mixes a secret key into every new hash.
    pub fn with_peppers(params: HashParams, peppers: impl Into<Arc<Peppers>>) -> Self {
        Self { params, peppers: peppers.into(), memory: Vec::new() }
    }

    /// A new Argon2id hash with a salt of 16 random bytes.
    pub fn hash(&mut self, password: &Password, random: &mut impl Random) -> PasswordHash {
        let salt = random.bytes::<SALT_BYTES>();
        let mut output = [0; OUTPUT_BYTES];
        let params = self.argon2_params();
        let key = self.peppers.current().map_or(&[][..], super::Pepper::key);
        let memory = working_memory(&mut self.memory, params.block_count());
        let computed = Argon2::new_with_secret(key, Algorithm::Argon2id, Version::V0x13, params.clone())
            .and_then(|it| it.hash_password_into_with_memory(password.expose().as_bytes(), &salt, &mut output, memory));
        assemble(computed.ok().and_then(|()| phc_string(&params, &salt, &output)))
    }

    /// A hash of no password that costs as much to compare with as a new one: for users who do not exist.
    pub fn decoy(&self, random: &mut impl Random) -> PasswordHash {
        let (salt, output) = (random.bytes::<SALT_BYTES>(), random.bytes::<OUTPUT_BYTES>());
        assemble(phc_string(&self.argon2_params(), &salt, &output))
    }

    /// Compares in constant time. A hash whose key is not among the peppers matches no password.
    pub fn verify(&mut self, password: &Password, hash: &PasswordHash) -> Verified {
        let password = password.expose().as_bytes();
        let (matches, current) = match hash.scheme() {
            Scheme::Argon2(hash) => (self.argon2_matches(password, hash), self.is_current(hash)),
            Scheme::Bcrypt(hash) => (hash.matches(password), false),
            Scheme::Pbkdf2(hash) => (hash.matches(password), false),
            Scheme::Scrypt(hash) => (hash.matches(password), false),
        };
        match (matches, current) {
            (false, _) => Verified::No,
            (true, true) => Verified::Yes,
            (true, false) => Verified::YesButOutdated,
        }
    }

    /// Frees the memory. The next hash allocates it again.
    pub fn release_memory(&mut self) {
        self.memory = Vec::new();
    }

    fn argon2_matches(&mut self, password: &[u8], hash: &Argon2Hash) -> bool {
        let pepper = self.peppers.find(hash.key_id());
        let known = hash.key_id().is_empty() || pepper.is_some();
        let key = pepper.map_or(&[][..], super::Pepper::key);
        let matches = if hash.blocks() > self.argon2_params().block_count() {
            // An imported hash needs more memory than ours: it is not kept for one comparison.
            hash.matches(password, key, &mut vec![Block::new(); hash.blocks()])
        } else {
            hash.matches(password, key, working_memory(&mut self.memory, hash.blocks()))
        };
        known && matches
    }

    fn is_current(&self, hash: &Argon2Hash) -> bool {
        hash.is_current(self.params, self.key_id())
    }

    fn key_id(&self) -> &[u8] {
        self.peppers.current().map_or(&[], |pepper| pepper.id().as_bytes())
    }

    #[expect(clippy::expect_used, reason = "the bounds of HashParams and Pepper are narrower than those of Argon2")]
    fn argon2_params(&self) -> Params {
        let mut builder = ParamsBuilder::new();
        builder
            .m_cost(self.params.memory_kib())
            .t_cost(self.params.iterations())
            .p_cost(self.params.parallelism())
            .output_len(OUTPUT_BYTES)
            .keyid(self.key_id().try_into().expect("a key id has at most 8 bytes"));
        builder.build().expect("the cost is within the bounds of Argon2")
    }
}

/// The first `blocks` blocks of `memory`, which grows where it must.
fn working_memory(memory: &mut Vec<Block>, blocks: usize) -> &mut [Block] {
    memory.resize(memory.len().max(blocks), Block::new());
    memory.get_mut(..blocks).unwrap_or_default()
}

fn phc_string(params: &Params, salt: &[u8], output: &[u8]) -> Option<String> {
    let hash = phc::PasswordHash {
        algorithm: Ident::from(Algorithm::Argon2id),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(Output::new(output).ok()?),
    };
    Some(hash.to_string())
}

#[expect(clippy::expect_used, reason = "without a hash the password cannot be kept; the request ends here")]
fn assemble(text: Option<String>) -> PasswordHash {
    let text = text.expect("costs, keys and lengths within our bounds are within those of Argon2");
    PasswordHash::parse(&text).expect("a hash of ours reads back")
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("params", &self.params).field("peppers", &self.peppers).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use kernel::OsRandom;

    use super::*;

    #[test]
    fn memory_is_kept_for_our_own_cost_until_it_is_released() {
        let password = Password::new("correct horse battery staple").unwrap();
        let mut hasher = Hasher::new(HashParams::weak_for_tests());
        let ours = hasher.hash(&password, &mut OsRandom);
        assert_eq!(hasher.memory.len(), 8);
        hasher.release_memory();
        assert_eq!((hasher.memory.len(), hasher.memory.capacity()), (0, 0));
        let larger = "$argon2id$v=19$m=32,t=3,p=4$AQIDBAUGBwgJCgsMDQ4PEA$c8YvZJG4PYmOqrO7Kpe7sR/HBNELo2M2ADLXmduI/Zc";
        assert_eq!(hasher.verify(&password, &PasswordHash::parse(larger).unwrap()), Verified::YesButOutdated);
        assert_eq!(hasher.memory.len(), 0, "more memory than ours takes is not kept");
        assert_eq!(hasher.verify(&password, &ours), Verified::Yes);
        assert_eq!(hasher.memory.len(), 8);
    }
}
