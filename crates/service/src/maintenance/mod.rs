//! What has to be done from time to time.

mod purge;
mod purge_accounts;
mod remind;
mod trim_history;
