//! Accounts, users, API keys, and what they hold.

pub(crate) mod accounts;
pub(crate) mod activation;
pub(crate) mod api_keys;
pub(crate) mod audit_events;
pub(crate) mod catalogue;
pub(crate) mod roles;
pub(crate) mod users;
