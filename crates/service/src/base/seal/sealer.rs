//! Seals and opens values.

use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use kernel::Random;
use sha2::{Digest, Sha256};
use store::SealedValue;
use zeroize::Zeroizing;

use super::MasterKey;
use crate::base::error::{Error, Result};

const KEY_ID_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;

/// What a value is sealed for. It is part of the associated data: a value that is copied to another column, or to
/// another owner's row, does not open there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// The secret that the user's device shares with Latchkey; owner: the user's id.
    TotpSecret,
    /// The key that signs access tokens; owner: its name.
    SigningKey,
    /// The first reply to an idempotent request; owner: the caller's id.
    FirstReply,
    /// A reply that is shown once; owner: the digest of the token that the request came with.
    OneTimeReply,
    /// The refresh token that another was exchanged for; owner: the digest of that other.
    Successor,
    /// Records of users that wait to be imported; owner: the import's id and the number of the batch.
    ImportBatch,
    /// An activation code that a bulk job has created; owner: the job's id and the user's.
    BulkActivation,
    /// An activation code in a queued mail, and its address; owner: the message's id.
    MailedActivation,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::TotpSecret => b"latchkey totp secret v1\0",
            Self::SigningKey => b"latchkey signing key v1\0",
            Self::FirstReply => b"latchkey first reply v1\0",
            Self::OneTimeReply => b"latchkey one-time reply v1\0",
            Self::Successor => b"latchkey successor v1\0",
            Self::ImportBatch => b"latchkey import batch v1\0",
            Self::BulkActivation => b"latchkey bulk activation v1\0",
            Self::MailedActivation => b"latchkey mailed activation v1\0",
        }
    }
}

/// Seals with XChaCha20-Poly1305, whose nonces are long enough to be random. A sealed value is the id of its key (the
/// beginning of the key's SHA-256), the nonce and the ciphertext.
pub(crate) struct Sealer {
    key_id: [u8; KEY_ID_BYTES],
    cipher: XChaCha20Poly1305,
}

impl Sealer {
    pub(crate) fn new(key: &MasterKey) -> Self {
        Self { key_id: key_id(key), cipher: XChaCha20Poly1305::new(&Key::from(*key.bytes())) }
    }

    /// Seals `secret` for its purpose and owner.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        owner: &[u8],
        secret: &[u8],
        random: &mut impl Random,
    ) -> Result<Vec<u8>> {
        let nonce = random.bytes::<NONCE_BYTES>();
        let associated = [purpose.label(), owner].concat();
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: &associated })
            .map_err(|_| Error::Internal("a value is too long to be sealed".to_owned()))?;
        Ok([self.key_id.as_slice(), &nonce, &sealed].concat())
    }

    /// Opens what was sealed for this purpose and owner.
    pub(crate) fn open(&self, purpose: Purpose, owner: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let parts = sealed.split_first_chunk::<KEY_ID_BYTES>();
        let parts = parts.and_then(|(key_id, rest)| rest.split_first_chunk::<NONCE_BYTES>().map(|rest| (key_id, rest)));
        let Some((key_id, (nonce, ciphertext))) = parts else {
            return Err(Error::Internal(format!("a sealed value is too short ({purpose:?})")));
        };
        if *key_id != self.key_id {
            return Err(Error::Internal(format!("a value was sealed with another master key ({purpose:?})")));
        }
        let associated = [purpose.label(), owner].concat();
        self.cipher
            .decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad: &associated })
            .map(Zeroizing::new)
            .map_err(|_| Error::Internal(format!("a sealed value was tampered with ({purpose:?})")))
    }
}

/// What distinguishes one key from another, without revealing either.
fn key_id(key: &MasterKey) -> [u8; KEY_ID_BYTES] {
    let digest: [u8; 32] =
        Sha256::new().chain_update(b"latchkey key id v1\0").chain_update(key.bytes()).finalize().into();
    digest.first_chunk().copied().unwrap_or_default()
}

impl MasterKey {
    /// Whether this key sealed the value, as far as the value itself says.
    fn has_sealed(&self, sealed: &[u8]) -> bool {
        sealed.first_chunk() == Some(&key_id(self))
    }

    /// The tables that have values which another key sealed.
    pub fn has_not_sealed(&self, values: &[SealedValue]) -> Vec<&'static str> {
        values.iter().filter(|value| !self.has_sealed(&value.value)).map(|value| value.table).collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::OsRandom;

    use super::*;

    fn sealer() -> Sealer {
        Sealer::new(&MasterKey::generate(&mut OsRandom))
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_owner_only() {
        let sealer = sealer();
        let sealed = sealer.seal(Purpose::TotpSecret, b"ann", b"secret", &mut OsRandom).unwrap();
        assert_eq!(*sealer.open(Purpose::TotpSecret, b"ann", &sealed).unwrap(), b"secret");
        assert!(sealer.open(Purpose::TotpSecret, b"bob", &sealed).is_err());
        assert!(sealer.open(Purpose::SigningKey, b"ann", &sealed).is_err());
        assert!(self::sealer().open(Purpose::TotpSecret, b"ann", &sealed).is_err());
    }

    #[test]
    fn a_key_knows_what_it_has_sealed() {
        let (ours, other) = (MasterKey::generate(&mut OsRandom), MasterKey::generate(&mut OsRandom));
        let sealed = |key, table| {
            let value = Sealer::new(key).seal(Purpose::SigningKey, b"one", b"secret", &mut OsRandom).unwrap();
            SealedValue { table, value }
        };
        let values = [sealed(&ours, "a"), sealed(&other, "b"), SealedValue { table: "c", value: vec![] }];
        assert_eq!(ours.has_not_sealed(&values), ["b", "c"]);
        assert_eq!(other.has_not_sealed(&values), ["a", "c"]);
        assert!(ours.has_not_sealed(&values[..1]).is_empty());
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_noticed() {
        let sealer = sealer();
        let sealed = sealer.seal(Purpose::TotpSecret, b"ann", b"secret", &mut OsRandom).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open(Purpose::TotpSecret, b"ann", &changed).is_err(), "byte {at}");
            assert!(sealer.open(Purpose::TotpSecret, b"ann", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn nothing_of_the_secret_shows_and_no_two_are_alike() {
        let sealer = sealer();
        let seal = || sealer.seal(Purpose::TotpSecret, b"ann", b"a secret of some length", &mut OsRandom).unwrap();
        let sealed = seal();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_ne!(sealed, seal());
    }
}
