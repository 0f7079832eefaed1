//! Tests that need a database: SQLite always, PostgreSQL when `TEST_DATABASE_URL` names a superuser's.

mod database;
mod types;
