#![doc = include_str!("../README.md")]

mod blocklist;
mod check;
mod failure;
mod field_error;
mod hash;
mod password;
mod strength;

pub use blocklist::{Context, ContextSource};
pub use check::check;
pub use failure::Failure;
pub use field_error::FieldError;
pub use hash::{
    HashParams, Hasher, InvalidHash, InvalidHashParams, InvalidPepper, PasswordHash, Pepper, Peppers, Verified,
};
pub use password::{InvalidPassword, MAX_LENGTH, Password};
pub use strength::{CustomStrength, CustomStrengthDraft, Preset, Rules, SignIn, Strength};
