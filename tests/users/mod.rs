//! The people of an account.

mod activation;
mod create;
mod disable;
mod last_administrator;
mod list;
mod read;
mod reset_two_factor;
mod usernames;
