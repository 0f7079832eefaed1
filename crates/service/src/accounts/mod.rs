//! What platform administrators do with accounts.

mod create;
mod list;
mod read;

pub use create::NewAccount;
