//! Accounts, users, API keys, and what they hold.

pub mod accounts;
pub mod activations;
pub mod address_authors;
pub mod api_key_permissions;
pub mod api_key_secrets;
pub mod api_keys;
pub mod application_permissions;
pub mod permission_holders;
pub mod role_permissions;
pub mod roles;
pub mod user_list;
pub mod user_names;
pub mod user_permissions;
pub mod user_quotas;
pub mod user_roles;
pub mod users;
