//! Copies the database beside the running service, and restores it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::support::{Home, process::PROGRAM};

/// What a command says that fails.
#[track_caller]
fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn names_in(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The lines of docs/OPERATIONS.md for this purpose.
fn documented(purpose: &str) -> String {
    let page = include_str!("../../docs/OPERATIONS.md");
    let (_, rest) =
        page.split_once(&format!("```sh {purpose}\n")).unwrap_or_else(|| panic!("docs/OPERATIONS.md: no {purpose}"));
    rest.split_once("```").unwrap().0.to_owned()
}

/// Executes them, as an operator does who is in the directory of the service.
#[track_caller]
fn execute(home: &Home, lines: &str, variables: &[(&str, &str)]) {
    let programs = Path::new(PROGRAM).parent().unwrap().display();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap());
    let ours = home.command(&[]);
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", lines]).current_dir(ours.get_current_dir().unwrap());
    shell.envs(ours.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = shell.env("PATH", path).envs(variables.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{lines}\n{output:?}");
}

mod on_postgres {
    use super::{complaint, names_in};
    use crate::support::Home;

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_server_is_not_backed_up_and_its_own_program_is_named() {
        let home = Home::on_postgres();
        let directory = tempfile::tempdir().unwrap();
        let output = home.run(&["backup", directory.path().join("copy").to_str().unwrap()]);
        let complaint = complaint(&output);
        assert!(complaint.contains("pg_dump --format=custom --file="), "{complaint}");
        assert_eq!(names_in(directory.path()), [""; 0]);
    }
}

mod on_sqlite {
    use std::{
        fs,
        os::unix::fs::{MetadataExt, symlink},
        process::Command,
    };

    use diesel::{
        Connection, RunQueryDsl, SqliteConnection,
        connection::SimpleConnection,
        dsl::sql,
        sql_types::{BigInt, Text},
    };

    use super::{complaint, names_in};
    use crate::support::{Home, Record};

    #[tokio::test]
    async fn a_copy_of_a_busy_service_is_whole_and_has_all_that_was_acknowledged_before() {
        let home = Home::on_sqlite();
        let process = home.serve();
        let mut record = Record::of(&process.account("acme").await).await;
        let _load = record.load().await;
        let directory = tempfile::tempdir().unwrap();
        for name in ["one.db", "a b?c#d%.db"] {
            record.wait_for(10).await;
            let before = record.acknowledged();
            let file = directory.path().join(name);
            let mut backup = home.command(&["backup", file.to_str().unwrap()]);
            let output = tokio::task::spawn_blocking(move || backup.output().unwrap()).await.unwrap();
            assert!(output.status.success(), "{output:?}");
            let said = String::from_utf8(output.stdout).unwrap();
            assert!(said.contains(name) && said.contains("master key"), "{said}");

            assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
            // Opened under a name that needs no escapes.
            let copy = directory.path().join("copy.db");
            fs::copy(&file, &copy).unwrap();
            let mut conn = SqliteConnection::establish(copy.to_str().unwrap()).unwrap();
            let verdict: String = sql::<Text>("PRAGMA integrity_check").get_result(&mut conn).unwrap();
            assert_eq!(verdict, "ok");
            for user in before {
                let query = format!("SELECT count(*) FROM users WHERE username = '{user}'");
                assert_eq!(sql::<BigInt>(&query).get_result::<i64>(&mut conn), Ok(1), "{user} is not in the copy");
            }
            drop(conn);
            fs::remove_file(copy).unwrap();
        }
        assert_eq!(names_in(directory.path()), ["a b?c#d%.db", "one.db"], "nothing is left beside them");
    }

    #[test]
    fn what_cannot_be_backed_up_is_told() {
        let home = Home::on_sqlite();
        let directory = tempfile::tempdir().unwrap();
        let to = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
        let said = complaint(&home.run(&["backup", &to("copy")]));
        assert!(said.contains("there is no database yet") && !home.database_file().exists(), "{said}");

        home.init("root");
        fs::write(to("taken"), "something else").unwrap();
        symlink("/nowhere/at/all", to("link")).unwrap();
        let database = home.database_file().to_str().unwrap().to_owned();
        for taken in [to("taken"), to("link"), database, to("")] {
            let said = complaint(&home.run(&["backup", &taken]));
            assert!(said.contains("already exists, and a backup never replaces a file"), "{taken}: {said}");
        }
        assert_eq!(fs::read(to("taken")).unwrap(), b"something else");
        for impossible in [to("no/such/directory"), to(&"x".repeat(300)), "/proc/copy".to_owned(), "..".to_owned()] {
            let said = complaint(&home.run(&["backup", &impossible]));
            assert!(said.contains("the backup") || said.contains("already exists"), "{impossible}: {said}");
        }
        assert_eq!(names_in(directory.path()), ["link", "taken"]);
        assert_eq!(home.run(&["backup"]).status.code(), Some(2));
        home.init("another");
    }

    #[test]
    fn what_is_no_database_of_ours_is_not_backed_up_and_no_copy_is_taken_for_a_part_of_one() {
        let mut home = Home::on_sqlite();
        let directory = tempfile::tempdir().unwrap();
        let to = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
        fs::write(to("empty.db"), "").unwrap();
        let mut conn = SqliteConnection::establish(&to("foreign.db")).unwrap();
        conn.batch_execute("CREATE TABLE foo (a)").unwrap();
        drop(conn);
        for name in ["empty.db", "foreign.db"] {
            let other = Home::at(&format!("sqlite://{}", to(name)), &[]);
            let said = complaint(&other.run(&["backup", &to("copy.db")]));
            assert!(said.contains(name) && said.contains("is not a Latchkey database"), "{said}");
        }
        assert_eq!(names_in(directory.path()), ["empty.db", "foreign.db"]);

        // Whether such a file is there at this moment or not, and whatever leads there.
        home.init("root");
        symlink(home.data(), to("link")).unwrap();
        symlink(home.database_file(), to("other.db")).unwrap();
        for url in [None, Some(format!("sqlite://{}", to("other.db")))] {
            if let Some(url) = url {
                home.set("DATABASE__URL", &url);
            }
            for end in ["-wal", "-shm", "-journal", "-lock"] {
                for directory in [home.data().to_str().unwrap().to_owned(), "data".to_owned(), to("link")] {
                    let own = format!("{directory}/latchkey.db{end}");
                    let said = complaint(&home.run(&["backup", &own]));
                    assert!(said.contains("belongs to the database itself"), "{own}: {said}");
                }
            }
        }
        assert_eq!(names_in(&home.data()), ["latchkey.db", "latchkey.db-lock", "master.key"]);
        assert!(
            home.run(&["backup", &to("latchkey.db-wal")]).status.success(),
            "elsewhere it is a name like any other"
        );
    }

    #[test]
    fn a_backup_that_is_interrupted_leaves_no_half_a_file() {
        let home = Home::on_sqlite();
        home.init("root");
        for signal in ["KILL", "TERM", "INT"] {
            let directory = tempfile::tempdir().unwrap();
            let (file, record) = (directory.path().join("copy.db"), tempfile::NamedTempFile::new().unwrap());
            // When the copy is written but not on disk yet.
            let backup = home.command(&["backup", file.to_str().unwrap()]);
            let mut strace = Command::new("strace");
            strace.args([
                "-D",
                "-f",
                "-qq",
                "-e",
                "trace=fsync",
                "-e",
                &format!("inject=fsync:signal=SIG{signal}:when=1"),
                "-o",
            ]);
            strace.arg(record.path()).arg(backup.get_program()).args(backup.get_args());
            strace.current_dir(backup.get_current_dir().unwrap());
            let output = strace.output().unwrap_or_else(|why| panic!("{why} (scripts/need installs what is missing)"));
            assert!(fs::read_to_string(record.path()).unwrap().contains(signal), "it was interrupted");
            let names = names_in(directory.path());
            match output.status.code() {
                // It was quicker, and all is well.
                Some(0) => assert_eq!(names, ["copy.db"]),
                Some(1) => assert_eq!(names, [""; 0], "{output:?}"),
                None => assert!(signal == "KILL" && names.len() == 1 && names[0].ends_with(".partial"), "{names:?}"),
                Some(_) => panic!("{output:?}"),
            }
        }
    }
}

mod slow {
    use std::{fs, os::unix::fs::MetadataExt};

    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::{documented, execute};
    use crate::support::{Home, PASSWORD, User};

    #[tokio::test]
    async fn the_documented_commands_back_up_and_restore_database_and_key() {
        let home = Home::new();
        let url = home.database_url().map(|url| url.expose_secret().to_owned());
        let database = if url.is_some() { "postgres" } else { "sqlite" };
        let process = home.serve();
        let account = process.account("acme").await;
        account.set_mode("all_users").await;
        let ann = account.user("ann").await;
        ann.sign_in().await;
        let safe = tempfile::tempdir().unwrap();
        let [backups, keys] = ["backups", "keys"].map(|name| safe.path().join(name).to_str().unwrap().to_owned());
        fs::create_dir(&backups).unwrap();
        fs::create_dir(&keys).unwrap();
        let url = url.unwrap_or_default();
        execute(
            &home,
            &documented(&format!("backup {database}")),
            &[("BACKUPS", &backups), ("KEYS", &keys), ("DATABASE_URL", &url)],
        );
        // Nobody else reads what was put away.
        for file in [&backups, &keys].map(|directory| fs::read_dir(directory).unwrap().next().unwrap().unwrap()) {
            assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600, "{file:?}");
        }
        // What comes later is not in it.
        account.user("late").await;
        drop(process);

        // On another machine, and in place of what is left on the first one.
        for mut place in [Home::new(), home] {
            let new = Home::new();
            let new_url = new.database_url().map(|url| url.expose_secret().to_owned()).unwrap_or_default();
            let variables = [("BACKUPS", &*backups), ("KEYS", &*keys), ("NEW_DATABASE_URL", &*new_url)];
            execute(&place, &documented(&format!("restore {database}")), &variables);
            if !new_url.is_empty() {
                place.set("DATABASE__URL", &new_url);
            }
            let process = place.serve();
            let again = User::new(process.client(), "acme", ann.username());
            // The secret of the phone is sealed with the key.
            let login = again.login().await.challenge("totp");
            login.code(&ann.phone().code_ahead(1)).await.session().me().await.ok(200);
            let late = json!({ "account": "acme", "username": "late", "password": PASSWORD });
            process.client().call("POST", "/v1/login").json(&late).send().await.problem(401, "invalid_credentials");
        }
    }
}
