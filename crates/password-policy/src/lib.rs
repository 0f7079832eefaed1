#![doc = include_str!("../README.md")]

mod hash;
mod password;

pub use hash::{
    HashParams, Hasher, InvalidHash, InvalidHashParams, InvalidPepper, PasswordHash, Pepper, Peppers, Verified,
};
pub use password::{InvalidPassword, MAX_LENGTH, Password};
