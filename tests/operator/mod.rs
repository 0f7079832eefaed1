//! The commands of an operator.

mod access_log;
mod backup;
mod configuration;
mod doctor;
mod first_start;
mod init;
mod listen;
mod maintenance;
mod master_key;
mod on_postgres;
mod shutdown;
mod sql;
mod two_at_once;
mod unfit;
mod waiting;
