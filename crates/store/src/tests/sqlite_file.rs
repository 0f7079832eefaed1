//! The file: who may read it, how safe a commit is, and other processes that write to it.

use std::{os::unix::fs::PermissionsExt as _, time::Duration};

use diesel::{
    Connection as _, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection as _,
    dsl::sql,
    sql_types::{BigInt, Text},
};

use super::{
    counters::{self, insert, read_ids},
    database::Database,
};
use crate::{Conn, OpenError, Result, Store, StoreConfig, StoreError};

#[tokio::test]
async fn nobody_but_the_owner_reads_the_file() {
    let database = Database::sqlite();
    let store = counters::open(&database).await;
    for extension in ["db", "db-wal", "db-shm"] {
        let file = database.file().with_extension(extension);
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{extension}");
    }
    drop(store);
}

#[tokio::test]
async fn the_connections_are_set_up() {
    fn setting(conn: &mut Conn, name: &str) -> Result<i64> {
        Ok(sql::<BigInt>(&format!("PRAGMA {name}")).get_result(conn)?)
    }
    let database = Database::sqlite();
    let store = database.open();
    let settings = |conn: &mut Conn| {
        let mode: String = sql::<Text>("PRAGMA journal_mode").get_result(conn)?;
        let rest = ["foreign_keys", "trusted_schema", "busy_timeout"].map(|name| setting(conn, name).unwrap());
        Ok::<_, StoreError>((mode, rest))
    };
    let expected = ("wal".to_owned(), [1, 0, 5000]);
    assert_eq!(store.write(settings).await.unwrap(), expected);
    assert_eq!(store.read(settings).await.unwrap(), expected);
    // 2 is FULL: a commit waits for the disk.
    assert_eq!(store.write(|conn| setting(conn, "synchronous")).await, Ok(2));
    assert_eq!(store.read(|conn| setting(conn, "query_only")).await, Ok(1));
}

#[test]
fn a_file_that_cannot_be_opened_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let open = |url: String| Store::open(&StoreConfig::new(url)).err();
    let missing = open(format!("sqlite://{}/no/such/dir.db", dir.path().display()));
    assert!(matches!(missing, Some(OpenError::File(_))), "{missing:?}");
    let garbage = dir.path().join("garbage.db");
    std::fs::write(&garbage, [7; 5000]).unwrap();
    let garbage = open(format!("sqlite://{}", garbage.display()));
    assert!(matches!(garbage, Some(OpenError::File(_))), "{garbage:?}");
    assert!(matches!(open("mysql://h/d".to_owned()), Some(OpenError::InvalidUrl)));
}

#[tokio::test]
async fn another_process_that_writes_is_waited_for() {
    let database = Database::sqlite();
    let store = counters::open(&database).await;
    let mut other = SqliteConnection::establish(database.file().to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE; INSERT INTO counters VALUES (1, 0)").unwrap();
    let releases = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        other.batch_execute("COMMIT").unwrap();
    };
    assert_eq!(tokio::join!(store.write(|conn| insert(conn, 2)), releases).0, Ok(()));
    assert_eq!(read_ids(&store).await, [1, 2]);
}

#[tokio::test]
async fn another_process_that_writes_for_too_long_is_given_up_on() {
    let database = Database::sqlite();
    let statement_timeout = Duration::from_millis(200);
    let store = Store::open(&StoreConfig { statement_timeout, ..database.config() }).unwrap();
    counters::create(&store).await;
    let mut other = SqliteConnection::establish(database.file().to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE; INSERT INTO counters VALUES (1, 0)").unwrap();
    assert_eq!(store.write(|conn| insert(conn, 2)).await, Err(StoreError::Unavailable));
    // Reading goes on meanwhile.
    assert_eq!(read_ids(&store).await, [0; 0]);
    other.batch_execute("COMMIT").unwrap();
    store.write(|conn| insert(conn, 2)).await.unwrap();
    assert_eq!(read_ids(&store).await, [1, 2]);
}
