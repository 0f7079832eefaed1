//! What an account requires of those who sign in.

pub mod password_history;
pub mod password_history_trims;
pub mod password_policies;
pub mod password_policy_permissions;
pub mod password_policy_roles;
pub mod password_policy_users;
pub(in crate::tables) mod password_policy_words;
pub mod password_reach;
pub mod two_factor_due;
pub mod two_factor_policies;
pub mod two_factor_policy_users;
