//! A database that cannot serve is rejected with a sentence, at the start and by `doctor`.

use std::{
    fs,
    net::TcpListener,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::Path,
};

use diesel::{Connection, PgConnection, SqliteConnection, connection::SimpleConnection};
use secrecy::ExposeSecret;

use crate::support::{Home, postgres::owner};

/// So that nothing but the database is missing.
fn with_key(url: &str) -> Home {
    Home::at(url, &[("KEYS__MASTER_KEY", &"A".repeat(43))])
}

/// Every command that begins with the database says this, and so does `doctor`.
#[track_caller]
fn is_refused(home: &Home, says: &str) {
    for arguments in [&["serve"][..], &["migrate"], &["init", "--username", "root"], &["doctor"]] {
        let output = home.run(arguments);
        let text = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?} does not say {says:?}: {text}");
        assert!(!text.contains("listening on"), "{arguments:?}: {text}");
    }
}

#[test]
fn a_file_that_is_not_utf8_is_refused() {
    for encoding in ["UTF-16le", "UTF-16be"] {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("other.db");
        let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        conn.batch_execute(&format!("PRAGMA encoding = '{encoding}'; CREATE TABLE other (name TEXT)")).unwrap();
        drop(conn);
        let home = with_key(&format!("sqlite://{}", file.display()));
        is_refused(&home, &format!("the database has the encoding {encoding}"));
    }
}

#[test]
fn a_schema_that_is_newer_than_the_program_is_refused() {
    let home = Home::new();
    home.init("root");
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('00000000000099')";
    let older = "DELETE FROM __diesel_schema_migrations WHERE version = '00000000000099'";
    let run = |statement: &str| {
        if let Some(url) = home.database_url() {
            PgConnection::establish(url.expose_secret()).unwrap().batch_execute(statement).unwrap();
        } else {
            let file = home.data().join("latchkey.db");
            SqliteConnection::establish(file.to_str().unwrap()).unwrap().batch_execute(statement).unwrap();
        }
    };
    run(newer);
    is_refused(&home, "newer than this program, which does not know the migration 00000000000099");
    run(older);
    drop(home.serve());
}

#[test]
fn what_is_no_database_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("letter.txt");
    fs::write(&file, "Dear Ann,\n".repeat(500)).unwrap();
    is_refused(&with_key(&format!("sqlite://{}", file.display())), "is not a SQLite database");
    assert_eq!(fs::read_to_string(&file).unwrap(), "Dear Ann,\n".repeat(500));
    let is_directory = with_key(&format!("sqlite://{}", directory.path().display()));
    is_refused(&is_directory, directory.path().to_str().unwrap());
}

#[test]
fn the_file_of_another_program_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("other.db");
    for statement in ["CREATE TABLE foo (a)", "CREATE VIEW one AS SELECT 1"] {
        let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        conn.batch_execute(statement).unwrap();
        drop(conn);
        let before = fs::read(&file).unwrap();
        is_refused(&with_key(&format!("sqlite://{}", file.display())), "is the database of another program");
        assert_eq!(fs::read(&file).unwrap(), before, "nothing was begun");
        fs::remove_file(&file).unwrap();
    }
    // An empty file is as good as none.
    fs::write(&file, "").unwrap();
    drop(with_key(&format!("sqlite://{}", file.display())).serve());
}

/// Runs as somebody whom file modes keep out, unlike root.
#[track_caller]
fn is_refused_for_a_stranger(home: &Home, says: &str) {
    for arguments in [["serve"], ["doctor"]] {
        let mut command = home.command(&arguments);
        if let Some((user, group)) = owner() {
            command.uid(user).gid(group);
        }
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {text}");
        assert!(text.contains(says), "{arguments:?}: {text}");
    }
}

/// Ends at once, since it is told to listen where it cannot: after all that may be wrong with the database.
#[track_caller]
fn serves_a_stranger(home: &Home) {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = home.command(&["serve"]);
    command.env("LATCHKEY__SERVER__BIND", taken.local_addr().unwrap().to_string());
    if let Some((user, group)) = owner() {
        command.uid(user).gid(group);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("cannot listen on 127.0.0.1"), "{said}");
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_that_cannot_be_written_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("latchkey.db");
    let home = with_key(&format!("sqlite://{}", file.display()));
    set_mode(home.data().parent().unwrap(), 0o755);
    home.init("root");
    if let Some((user, group)) = owner() {
        for path in [directory.path(), &file, &directory.path().join("latchkey.db-lock")] {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }
    let says = format!("the database file {} cannot be written", file.display());
    set_mode(&file, 0o400);
    is_refused_for_a_stranger(&home, &says);
    let has_none_beside = || {
        for end in ["-wal", "-shm"] {
            assert!(!directory.path().join(format!("latchkey.db{end}")).exists(), "{end}");
        }
    };
    // What SQLite would have made beside it has the mode of the file, and keeps everybody out from then on.
    has_none_beside();
    set_mode(&file, 0o600);
    serves_a_stranger(&home);
    // If it had left them, nothing would have to be made in the directory.
    has_none_beside();
    set_mode(directory.path(), 0o500);
    is_refused_for_a_stranger(&home, &says);
    set_mode(directory.path(), 0o700);
}

mod on_postgres {
    use super::{is_refused, with_key};
    use crate::support::postgres::Server;

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_database_that_is_not_utf8_is_refused() {
        let server = Server::start();
        for encoding in ["LATIN1", "SQL_ASCII", "EUC_JP"] {
            let create = format!("CREATE DATABASE other ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0");
            server.run("postgres", &create);
            is_refused(
                &with_key(&server.url_of("latchkey", "other")),
                &format!("the database has the encoding {encoding}"),
            );
            let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace";
            assert_eq!(server.ask("other", tables), [""; 0], "nothing was begun");
            server.run("postgres", "DROP DATABASE other");
        }
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_standby_is_refused() {
        let server = Server::start();
        let standby = server.standby();
        is_refused(&with_key(&standby.url()), "the server is a standby");
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_database_that_is_read_only_by_default_is_refused() {
        let server = Server::start();
        let home = with_key(&server.url());
        drop(home.serve());
        for (on, off) in [
            ("ALTER DATABASE postgres SET default_transaction_read_only = on", "ALTER DATABASE postgres RESET ALL"),
            ("ALTER ROLE latchkey SET default_transaction_read_only = on", "ALTER ROLE latchkey RESET ALL"),
        ] {
            server.run("postgres", on);
            is_refused(&home, "the database is read-only");
            server.run("postgres", &format!("SET transaction_read_only = off; {off}"));
            drop(home.serve());
        }
        let url = format!("{}?options=-c%20default_transaction_read_only%3Don", server.url());
        is_refused(&with_key(&url), "the database is read-only");
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_user_who_may_not_make_tables_is_refused() {
        let server = Server::start();
        server.run("postgres", "CREATE ROLE guest LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        let home = with_key(&server.url_of("guest", "postgres"));
        is_refused(&home, "the database user may not create tables in the schema public");
        server.run("postgres", "ALTER ROLE guest SET search_path = nowhere");
        is_refused(&home, "the database user finds no schema");
        server.run(
            "postgres",
            "ALTER ROLE guest SET search_path = public; GRANT CREATE, USAGE ON SCHEMA public TO guest",
        );
        drop(home.serve());
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_user_or_a_database_that_does_not_exist_is_refused() {
        let server = Server::start();
        for (user, database) in [("nobody", "postgres"), ("latchkey", "nowhere")] {
            is_refused(&with_key(&server.url_of(user, database)), "the database cannot be reached");
        }
    }

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_user_who_may_not_change_the_tables_is_refused() {
        let server = Server::start();
        drop(with_key(&server.url()).serve());
        server.run("postgres", "CREATE ROLE guest LOGIN; GRANT CREATE, USAGE ON SCHEMA public TO guest");
        let home = with_key(&server.url_of("guest", "postgres"));
        let says = "the database user may not read and change these tables: __diesel_schema_migrations, accounts, ";
        is_refused(&home, says);
        server.run("postgres", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest");
        is_refused(&home, "the database user may not read and change these tables: accounts, ");
        server.run("postgres", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest");
        drop(home.serve());
        for right in ["SELECT", "INSERT", "UPDATE", "DELETE"] {
            server.run("postgres", &format!("REVOKE {right} ON outbox FROM guest"));
            is_refused(
                &home,
                "these tables: outbox. GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public",
            );
            server.run("postgres", &format!("GRANT {right} ON outbox TO guest"));
        }
        drop(home.serve());
    }
}
