//! Faults outside of the service.

mod beside;
mod database_away;
mod endings;
mod greedy_account;
mod hostile_bytes;
mod kill;
mod no_writes;
mod power_cut;
mod slow_clients;
mod taken_away;
