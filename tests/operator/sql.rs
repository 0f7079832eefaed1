//! The database of a home, read from outside of the service.

use diesel::{
    Connection, PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, dsl::sql, sql_types::BigInt,
};
use secrecy::ExposeSecret;

use crate::support::Home;

/// Where it is, for another home.
pub fn url(home: &Home) -> String {
    let file = || format!("sqlite://{}", home.data().join("latchkey.db").display());
    home.database_url().map_or_else(file, |url| url.expose_secret().to_owned())
}

/// Another machine that works on the database of this one.
pub fn beside(home: &Home) -> Home {
    Home::at(&url(home), &[])
}

/// Runs a statement.
pub fn run(home: &Home, statement: &str) {
    let url = url(home);
    match url.strip_prefix("sqlite://") {
        Some(file) => SqliteConnection::establish(file).unwrap().batch_execute(statement).unwrap(),
        None => PgConnection::establish(&url).unwrap().batch_execute(statement).unwrap(),
    }
}

/// How many rows this table has.
pub fn count(home: &Home, table: &str) -> i64 {
    let (url, query) = (url(home), sql::<BigInt>(&format!("SELECT count(*) FROM {table}")));
    match url.strip_prefix("sqlite://") {
        Some(file) => query.get_result(&mut SqliteConnection::establish(file).unwrap()).unwrap(),
        None => query.get_result(&mut PgConnection::establish(&url).unwrap()).unwrap(),
    }
}
