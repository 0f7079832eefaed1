#![doc = include_str!("../README.md")]

mod config;
mod connection;
mod door;
mod error;
mod file;
mod inspect;
mod migrate;
mod privileges;
mod progress;
#[cfg_attr(not(test), expect(clippy::wildcard_imports, reason = "`table!` has no shorter way to name column types"))]
mod schema;
mod sealed;
mod sql_types;
pub mod tables;

#[cfg(test)]
mod tests;

pub use config::StoreConfig;
pub use connection::{Conn, savepoint};
pub use door::{Closed, OpenError, Store};
pub use error::{Result, StoreError};
pub use file::{Alone, Backup, BackupError, FileError, Stopper, not_taken_away, serve_alone};
pub use inspect::{Unfit, inspect};
pub use migrate::MigrateError;
pub use progress::Progress;
pub use sealed::{LookError, SealedValue};
