//! Background work.

pub(crate) mod bulk_jobs;
pub(crate) mod mails;
pub(crate) mod maintenance;
pub(crate) mod reports;
pub(crate) mod user_imports;
mod worker;
