//! Faults of PostgreSQL.

mod database_away;
mod greedy_account;
