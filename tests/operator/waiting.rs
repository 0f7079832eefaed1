//! The start logs what it waits for, and can be stopped.

use rustix::process::Signal;

use crate::support::{Begun, Home};

/// What the program says about its wait, and how it ends when it is told to.
#[track_caller]
fn says_and_stops(home: &Home, says: &str) {
    for signal in [Signal::TERM, Signal::INT] {
        let mut start = home.begin(&["serve"]);
        start.wait_for(says);
        start.signal(signal);
        let status = start.wait();
        assert_eq!(status.code(), Some(0), "{status:?}: {}", start.output());
        assert!(start.output().contains("stopped before listening"), "{}", start.output());
        assert!(!start.output().contains("listening on"), "{}", start.output());
    }
}

/// Commands that need the schema too say so as well.
#[track_caller]
fn others_say_so(home: &Home, says: &str) {
    for arguments in [&["migrate"][..], &["init", "--username", "root"]] {
        let mut command: Begun = home.begin(arguments);
        command.wait_for(says);
        command.signal(Signal::TERM);
        assert_eq!(command.wait().code(), None, "ended by the signal: {}", command.output());
    }
}

mod on_postgres {
    use std::net::TcpListener;

    use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, dsl::sql, sql_types};
    use rustix::process::Signal;
    use secrecy::ExposeSecret;

    use super::{others_say_so, says_and_stops};
    use crate::support::Home;

    /// The lock under which nodes migrate: "latchkey" in ASCII.
    const MIGRATION_LOCK: i64 = 0x6C61_7463_686B_6579;

    const SAYS_MIGRATION: &str = "waiting for the migration lock";

    fn hold_migration_lock(url: &str) -> PgConnection {
        let mut conn = PgConnection::establish(url).unwrap();
        conn.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).unwrap();
        conn
    }

    fn advisory_locks(conn: &mut PgConnection) -> i64 {
        let query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        sql::<sql_types::BigInt>(query).get_result(conn).unwrap()
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn the_migration_lock_of_another_node_is_waited_for_aloud() {
        let home = Home::on_postgres();
        let url = home.database_url().unwrap();
        let mut other = hold_migration_lock(url.expose_secret());
        says_and_stops(&home, SAYS_MIGRATION);
        others_say_so(&home, SAYS_MIGRATION);

        // When the other one is done it goes on by itself.
        let mut start = home.begin(&["serve"]);
        start.wait_for(SAYS_MIGRATION);
        other.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).unwrap();
        start.wait_for("listening on");
        assert_eq!(advisory_locks(&mut other), 0, "nothing keeps the next one out");
        // And on a schema that is up to date it is the same.
        other.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).unwrap();
        says_and_stops(&home, SAYS_MIGRATION);
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_start_that_is_killed_in_its_wait_leaves_no_lock() {
        let home = Home::on_postgres();
        let url = home.database_url().unwrap();
        let mut other = hold_migration_lock(url.expose_secret());
        let mut start = home.begin(&["serve"]);
        start.wait_for(SAYS_MIGRATION);
        start.signal(Signal::KILL);
        start.wait();
        other.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).unwrap();
        drop(home.serve());
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_server_that_never_answers_is_waited_for_aloud() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        // It connects, and then waits for as long as this says: forever.
        let url = format!("postgres://latchkey:hunter2@127.0.0.1:{port}/latchkey?connect_timeout=0");
        let home = Home::at(&url, &[("KEYS__MASTER_KEY", &"A".repeat(43))]);
        says_and_stops(&home, "connecting to the database server");
        others_say_so(&home, "connecting to the database server");

        let output = home.run(&["doctor"]);
        let report = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{report}");
        assert!(report.contains("it does not respond") && !report.contains("hunter2"), "{report}");
    }
}

mod on_sqlite {
    use std::path::Path;

    use diesel::{Connection, SqliteConnection, connection::SimpleConnection};

    use super::{others_say_so, says_and_stops};
    use crate::support::Home;

    fn locked(file: &Path, how: &str) -> SqliteConnection {
        let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        conn.batch_execute(&format!("PRAGMA busy_timeout = 10000; {how}")).unwrap();
        conn
    }

    #[test]
    fn a_file_that_another_program_has_locked_is_waited_for_aloud() {
        let home = Home::on_sqlite();
        home.init("root");
        let file = home.data().join("latchkey.db");
        let mut other = locked(&file, "BEGIN IMMEDIATE");
        says_and_stops(&home, "waiting until no other program writes to the database file");
        others_say_so(&home, "waiting until no other program writes to the database file");
        let mut start = home.begin(&["serve"]);
        start.wait_for("waiting until no other program writes");
        other.batch_execute("COMMIT").unwrap();
        start.wait_for("listening on");
        drop((start, other));

        // Some programs keep even readers out.
        let exclusive = "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE";
        let other = locked(&file, exclusive);
        says_and_stops(&home, "which another program may have locked");
        let output = home.run(&["doctor"]);
        let report = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{report}");
        assert!(report.contains("another program has locked it"), "{report}");
        drop(other);
        drop(home.serve());
    }
}
