//! Background work.

pub mod bulk_jobs;
mod mails;
mod maintenance;
mod reports;
pub mod user_imports;
