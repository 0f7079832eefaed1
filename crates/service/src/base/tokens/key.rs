//! A signing key: ES256 (RFC 7518 §3.4), which every JWT library knows and whose signatures are short.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use kernel::Random;
use p256::{
    SecretKey,
    elliptic_curve::sec1::ToEncodedPoint,
    pkcs8::{DecodePrivateKey, EncodePrivateKey},
};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Claims;
use crate::base::error::{Error, Result};

/// The media type of access tokens (RFC 9068 §2.1): no other JWT of Latchkey is mistaken for one.
const TYP: &str = "at+jwt";

/// A P-256 public key, for the JWKS (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Its name.
    pub kid: String,
    /// The x coordinate, base64url.
    pub x: String,
    /// The y coordinate, base64url.
    pub y: String,
}

/// A key pair. It has no `Debug`.
pub(crate) struct SigningKey {
    public: PublicKey,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl SigningKey {
    /// A new private key as PKCS #8, to be sealed.
    pub(crate) fn generate(random: &mut impl Random) -> Result<Zeroizing<Vec<u8>>> {
        // Fewer than one in 2^32 strings of 32 bytes are not a private key.
        for _ in 0..8 {
            let mut bytes = Zeroizing::new([0; 32]);
            random.fill(&mut *bytes);
            if let Ok(key) = SecretKey::from_slice(&*bytes) {
                let der = key.to_pkcs8_der().map_err(|why| Error::Internal(why.to_string()))?;
                return Ok(Zeroizing::new(der.as_bytes().to_vec()));
            }
        }
        Err(Error::Internal("eight random strings were no private key".to_owned()))
    }

    /// The key pair of this private key. Its name is the key's thumbprint (RFC 7638).
    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let secret =
            SecretKey::from_pkcs8_der(der).map_err(|_| Error::Internal("a signing key is not PKCS #8".to_owned()))?;
        let point = secret.public_key().to_encoded_point(false);
        let (Some(x), Some(y)) = (point.x(), point.y()) else {
            return Err(Error::Internal("a signing key has no public key".to_owned()));
        };
        let (x, y) = (BASE64URL_NOPAD.encode(x), BASE64URL_NOPAD.encode(y));
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let kid = BASE64URL_NOPAD.encode(&Sha256::digest(canonical));
        Ok(Self {
            public: PublicKey { kid, x, y },
            encoding: EncodingKey::from_ec_der(der),
            decoding: DecodingKey::from_ec_der(point.as_bytes()),
        })
    }

    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs an access token.
    pub(crate) fn sign(&self, claims: &Claims) -> Result<SecretString> {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(TYP.to_owned());
        header.kid = Some(self.public.kid.clone());
        let token = jsonwebtoken::encode(&header, claims, &self.encoding);
        token.map(SecretString::from).map_err(|why| Error::Internal(format!("signing: {why}")))
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }

    /// Whether this is the header of an access token: nothing in it may choose another algorithm, key or meaning (RFC
    /// 8725).
    pub(super) fn is_header_of_ours(header: &Header) -> bool {
        header.alg == Algorithm::ES256
            && header.typ.as_deref() == Some(TYP)
            && header.jku.is_none()
            && header.jwk.is_none()
            && header.x5u.is_none()
            && header.x5c.is_none()
            && header.crit.is_none()
            && header.cty.is_none()
    }
}
