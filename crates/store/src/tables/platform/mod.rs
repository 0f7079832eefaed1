//! Tables of the installation.

pub mod signing_keys;
