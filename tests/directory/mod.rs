//! Accounts, users, API keys, and what they hold.

mod accounts;
mod api_keys;
mod catalogue;
mod permissions;
mod roles;
mod users;
