//! Faults outside of the service.

mod beside;
mod endings;
mod hostile_bytes;
mod kill;
mod no_writes;
mod on_postgres;
mod on_sqlite;
mod slow_clients;
