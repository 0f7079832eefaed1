//! What belongs to the installation.

pub mod signing_keys;
