//! The enum over both connections, alone in its file because the derive imports everything it finds here.

/// A connection to the database, inside a transaction of [`Store::read`](crate::Store::read) or
/// [`Store::write`](crate::Store::write). Crates above can only pass it on to table functions.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// A file.
    Sqlite(diesel::SqliteConnection),
    /// A server.
    Postgres(diesel::PgConnection),
}
