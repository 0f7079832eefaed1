//! Access tokens: JWTs (RFC 9068) that anybody can verify with the JWKS.

mod claims;
mod es256;
mod key;
mod ring;

pub use claims::Claims;
pub use key::PublicKey;
pub(crate) use key::SigningKey;
pub(crate) use ring::{KeyRing, Verification};
