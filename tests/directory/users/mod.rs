//! The users of an account.

mod actions;
mod activation;
mod create;
mod delete;
mod disable;
mod filters;
mod last_administrator;
mod list;
mod look_alikes;
mod order;
mod password_age;
mod read;
mod reset_two_factor;
mod search;
mod update;
mod usernames;
