//! Signs and verifies access tokens with ES256 (RFC 7518 §3.4) and nothing else.
//!
//! The JWT library leaves the cryptography to a provider. Its own providers support every algorithm and bring the
//! crates for them, among them an RSA with an open advisory. This one supports only ES256, by `ring`, which is already
//! here for TLS. A token that names another algorithm finds no verifier.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
};
use p256::ecdsa::signature::{self, Signer, Verifier};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, UnparsedPublicKey},
};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // For JWKs that the library creates or reads; ours are created in `key.rs`.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes this the cryptography of the JWT library in this process. Repeated calls change nothing.
pub(super) fn install() {
    // It fails when it was called before.
    let _ = PROVIDER.install_default();
}

struct Es256Signer(EcdsaKeyPair);

/// The key is PKCS #8 with its public key (RFC 5915), which is checked: a pair that does not belong together is
/// rejected.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library names the type")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    ensure_es256(*algorithm)?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_bytes(), &SystemRandom::new());
    Ok(Box::new(Es256Signer(pair.map_err(|_| ErrorKind::InvalidEcdsaKey)?)))
}

impl Signer<Vec<u8>> for Es256Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let signature = self.0.sign(&SystemRandom::new(), message).map_err(|_| signature::Error::new())?;
        Ok(signature.as_ref().to_vec())
    }
}

impl JwtSigner for Es256Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

struct Es256Verifier(UnparsedPublicKey<Vec<u8>>);

/// The key is an uncompressed point (SEC 1 §2.3.3). A point that is not on the curve verifies nothing.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library names the type")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    ensure_es256(*algorithm)?;
    let point = key.try_get_as_bytes()?.to_vec();
    Ok(Box::new(Es256Verifier(UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point))))
}

impl Verifier<Vec<u8>> for Es256Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        self.0.verify(message, signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Es256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

fn ensure_es256(algorithm: Algorithm) -> Result<(), Error> {
    if algorithm == Algorithm::ES256 { Ok(()) } else { Err(ErrorKind::InvalidAlgorithm.into()) }
}
