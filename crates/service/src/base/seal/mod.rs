//! Seals columns that the database must keep but not be able to read.

mod master_key;
mod private_file;
mod sealer;

pub use master_key::{MasterKey, MasterKeyError};
pub use private_file::{PrivateFileError, read_private_file};
pub(crate) use sealer::{Purpose, Sealer};
