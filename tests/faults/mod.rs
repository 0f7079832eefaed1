//! What goes wrong outside of the service.

mod database_away;
mod greedy_account;
mod hostile_bytes;
mod kill;
mod no_writes;
mod slow_clients;
