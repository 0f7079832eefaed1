//! What users and API keys may do, read in one statement.

pub mod grants;
