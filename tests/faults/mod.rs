//! What goes wrong outside of the service.

mod database_away;
mod hostile_bytes;
mod kill;
mod slow_clients;
