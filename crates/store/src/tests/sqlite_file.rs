//! The file: who may read it, how durable a commit is, and other processes that write to it.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::Path,
    time::Duration,
};

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
use crate::{Conn, FileError, OpenError, Result, Store, StoreConfig, StoreError, serve_alone};

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
async fn any_name_is_a_file_for_its_owner_only() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["a b.db", "what?mode=memory", "a#b%41&c=d.db", "file:x.db", "é.db"] {
        let path = directory.path().join(name);
        let store = Store::open(&StoreConfig::new(format!("sqlite://{}", path.display()))).unwrap();
        counters::create(&store).await;
        store.write(|conn| insert(conn, 1)).await.unwrap();
        for end in ["", "-wal", "-shm", "-lock"] {
            let mut file = path.clone().into_os_string();
            file.push(end);
            assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600, "{}", file.display());
        }
    }
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 10, "the file and its lock stay");
}

/// The locks that this process holds on the file, as the system lists them.
fn locks_on(path: &Path) -> Vec<String> {
    let (process, file) = (std::process::id().to_string(), format!(":{}", fs::metadata(path).unwrap().ino()));
    let all = fs::read_to_string("/proc/locks").unwrap();
    let fields = all.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let ours = fields.filter(|lock| lock.contains(&&*process) && lock.iter().any(|field| field.ends_with(&file)));
    ours.map(|lock| lock[1..].join(" ")).collect()
}

/// Without these locks another program believes that it is the last one, and deletes the write-ahead log when it ends.
#[track_caller]
fn is_locked(database: &Database) {
    for end in ["db", "db-shm"] {
        let locks = locks_on(&database.file().with_extension(end));
        assert!(locks.iter().any(|lock| lock.starts_with("POSIX ADVISORY READ")), "{end}: {locks:?}");
    }
}

#[tokio::test]
async fn the_locks_stay_whoever_else_opens_the_file_in_this_process() {
    let database = Database::sqlite();
    drop(counters::open(&database).await);
    assert_eq!(locks_on(&database.file()), [""; 0], "nobody has it open");

    // Now the file exists, and is marked as having a write-ahead log.
    let store =
        Store::open(&StoreConfig { statement_timeout: Duration::from_millis(50), ..database.config() }).unwrap();
    is_locked(&database);
    store.migrate().unwrap();
    is_locked(&database);
    drop(database.open());
    is_locked(&database);
    let right = serve_alone(&database.config()).unwrap();
    is_locked(&database);
    drop(right);
    is_locked(&database);

    // An error makes the writer reconnect.
    let mut other = SqliteConnection::establish(database.file().to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    assert_eq!(store.write(|conn| insert(conn, 1)).await, Err(StoreError::Unavailable));
    other.batch_execute("COMMIT").unwrap();
    drop(other);
    store.write(|conn| insert(conn, 2)).await.unwrap();
    is_locked(&database);
    assert_eq!(read_ids(&store).await, [2]);
}

#[tokio::test]
async fn a_file_that_is_taken_away_is_not_replaced_by_an_empty_one() {
    let database = Database::sqlite();
    let store =
        Store::open(&StoreConfig { statement_timeout: Duration::from_millis(50), ..database.config() }).unwrap();
    counters::create(&store).await;
    let mut other = SqliteConnection::establish(database.file().to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    fs::remove_file(database.file()).unwrap();
    // The first one finds the lock taken, and the second one must reconnect.
    for _ in 0..2 {
        assert_eq!(store.write(|conn| insert(conn, 1)).await, Err(StoreError::Unavailable));
    }
    assert!(!database.file().exists());
}

#[test]
fn one_serves_whatever_path_leads_to_the_file() {
    let database = Database::sqlite();
    let directory = database.file().parent().unwrap().to_owned();
    let linked = tempfile::tempdir().unwrap();
    symlink(&directory, linked.path().join("directory")).unwrap();
    symlink(database.file(), linked.path().join("other name.db")).unwrap();
    let name = directory.file_name().unwrap().to_str().unwrap();
    let paths = [
        database.file(),
        directory.join(format!("../{name}/./test.db")),
        linked.path().join("directory/test.db"),
        linked.path().join("other name.db"),
    ];
    let serve = |path: &Path| serve_alone(&StoreConfig::new(format!("sqlite://{}", path.display())));
    // Before the file exists, and after.
    for _ in 0..2 {
        for path in &paths {
            let right = serve(path).unwrap();
            assert!(right.is_some());
            for other in &paths {
                let refused = serve(other).unwrap_err();
                assert!(matches!(refused, OpenError::Refused(FileError::ServedAlready { .. })), "{refused:?}");
                assert!(
                    refused.to_string().contains("test.db, and SQLite allows only one serving process"),
                    "{refused}"
                );
            }
            drop(right);
        }
        drop(database.open());
    }
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 2, "the file and its lock");
}

#[test]
fn a_lock_that_somebody_removes_keeps_nobody_out_for_good() {
    let database = Database::sqlite();
    let lock = database.file().with_extension("db-lock");
    drop(serve_alone(&database.config()).unwrap());
    fs::remove_file(&lock).unwrap();
    let right = serve_alone(&database.config()).unwrap();
    assert!(lock.exists() && serve_alone(&database.config()).is_err());
    drop(right);
    // There is no right without a directory, and none for a path that is not Unicode, which a URL could not hold.
    let nowhere = serve_alone(&StoreConfig::new("sqlite:///no/such/directory/x.db")).unwrap_err();
    assert!(matches!(nowhere, OpenError::File(_)), "{nowhere:?}");
    assert!(serve_alone(&StoreConfig::new("postgres://h/d")).unwrap().is_none());
}

#[test]
fn a_file_with_two_names_is_refused() {
    let database = Database::sqlite();
    drop(database.open());
    let other = database.file().with_file_name("other.db");
    fs::hard_link(database.file(), &other).unwrap();
    let config = StoreConfig::new(format!("sqlite://{}", other.display()));
    for refused in [
        Store::open(&config).err(),
        Store::open(&database.config()).err(),
        serve_alone(&config).err(),
        serve_alone(&database.config()).err(),
    ] {
        assert!(matches!(refused, Some(OpenError::Refused(FileError::ManyNames { names: 2, .. }))), "{refused:?}");
    }
    fs::remove_file(other).unwrap();
    drop(database.open());
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
    fs::write(&garbage, [7; 5000]).unwrap();
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
    // Reading continues meanwhile.
    assert_eq!(read_ids(&store).await, [0; 0]);
    other.batch_execute("COMMIT").unwrap();
    store.write(|conn| insert(conn, 2)).await.unwrap();
    assert_eq!(read_ids(&store).await, [1, 2]);
}
