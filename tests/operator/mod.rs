//! What an operator does with the binary.

mod backup;
mod configuration;
mod first_start;
mod init;
mod maintenance;
mod master_key;
mod shutdown;
mod two_at_once;
