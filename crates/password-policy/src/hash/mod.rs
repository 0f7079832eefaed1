//! Password hashes, as the database stores them.

#[cfg(test)]
mod argon2_tests;
mod hasher;
#[cfg(test)]
mod imported_tests;
mod params;
mod password_hash;
mod pepper;
mod scheme;

pub use hasher::{Hasher, Verified};
pub use params::{HashParams, InvalidHashParams};
pub use password_hash::{InvalidHash, PasswordHash};
pub use pepper::{InvalidPepper, Pepper, Peppers};
