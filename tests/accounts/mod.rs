//! Accounts of the platform's customers.

mod create;
mod list;
mod read;
