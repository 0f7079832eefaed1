//! The enum over both connections, alone in its file because the derive imports everything it finds here.

/// A connection to the database, inside a transaction of [`Store::read`](crate::Store::read) or
/// [`Store::write`](crate::Store::write). Crates above hand it on to table functions and can do nothing else with it.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// A file.
    Sqlite(diesel::SqliteConnection),
    /// A server.
    Postgres(diesel::PgConnection),
}
