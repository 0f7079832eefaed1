//! Sealed columns: what the database keeps but must not be able to read.

mod master_key;
mod sealer;

pub use master_key::{MasterKey, MasterKeyError};
pub(crate) use sealer::{Purpose, Sealer};
