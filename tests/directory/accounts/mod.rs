//! Accounts of the platform's customers.

mod create;
mod delete;
mod first_administrator;
mod limits;
mod list;
mod purge;
mod read;
mod suspend;
mod update;
mod user_count;
