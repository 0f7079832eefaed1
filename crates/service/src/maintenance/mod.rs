//! What has to be done from time to time.

mod purge;
mod remind;
mod snapshot;
