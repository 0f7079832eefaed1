//! Tests that need a database: SQLite always, PostgreSQL when `TEST_DATABASE_URL` names a superuser's.

mod account_rows;
mod catalog;
mod counters;
mod database;
mod door;
mod gate;
mod group_commit;
mod held;
mod history_trims;
mod migrations;
mod on_postgres;
mod one_look;
mod outbox;
mod permission_holders;
mod pooling;
mod proxy;
mod purge;
mod sealed;
mod sqlite_file;
mod types;
mod user_list_plans;
