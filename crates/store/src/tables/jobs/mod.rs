//! Background work.

pub mod account_rows;
pub mod bulk_job_users;
pub mod bulk_jobs;
pub mod bulk_queues;
pub mod imported_users;
pub mod password_counts;
pub mod two_factor_counts;
pub mod two_factor_days;
pub mod user_import_batches;
pub mod user_import_errors;
pub(in crate::tables) mod user_import_keys;
pub mod user_import_queue;
pub mod user_imports;
