//! What an operator does with the binary.

mod configuration;
mod first_start;
mod init;
mod maintenance;
mod master_key;
mod pooler;
mod shutdown;
mod two_at_once;
mod unfit;
mod waiting;
