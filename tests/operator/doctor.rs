//! `latchkey doctor`: what it finds, and that it changes nothing.

use std::fs;

use super::sql;
use crate::support::Home;

/// How it ended, and what it said.
fn doctor(home: &Home) -> (i32, String) {
    let output = home.run(&["doctor"]);
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), text)
}

#[track_caller]
fn assert_says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn before_the_first_start_it_says_what_is_to_come_and_makes_nothing() {
    let home = Home::new();
    let (code, said) = doctor(&home);
    assert_eq!(code, 0, "{said}");
    let key = home.data().join("master.key");
    assert_says(&said, &["ok    configuration", "todo  database: ", "todo  master key: ", key.to_str().unwrap()]);
    assert!(!home.data().exists(), "{said}");
}

#[test]
fn after_the_first_start_all_is_well() {
    let home = Home::new();
    home.init("root");
    let (code, said) = doctor(&home);
    assert_eq!(code, 0, "{said}");
    assert_says(&said, &["schema up to date", "belongs to this database", "ok    keys: 1 to", "ok    platform admin"]);
    // Beside the running service too.
    let process = home.serve();
    let (code, said) = doctor(&home);
    assert_eq!(code, 0, "{said}");
    drop(process);
}

#[test]
fn it_writes_nothing_into_a_database() {
    let home = Home::new();
    assert!(home.run(&["migrate"]).status.success());
    let (code, said) = doctor(&home);
    assert_eq!(code, 0, "{said}");
    assert_says(&said, &["schema up to date", "todo  master key: "]);
    for table in ["accounts", "signing_keys", "audit_events"] {
        assert_eq!(sql::count(&home, table), 0, "{table}");
    }
    assert!(!home.data().join("master.key").exists());
}

#[test]
fn a_database_that_cannot_be_reached_is_found_before_the_first_start() {
    let home = Home::at("postgres://ann:hunter2@127.0.0.1:1/none?password=hunter2", &[]);
    let (code, said) = doctor(&home);
    assert_eq!(code, 1, "{said}");
    assert_says(&said, &["FAIL  database: postgres://127.0.0.1:1/none: the database cannot be reached"]);
    // The rest is looked at all the same.
    assert_says(&said, &["note  master key: ", "note  mail: "]);
    assert!(!said.contains("hunter2") && !home.data().exists(), "{said}");
}

#[test]
fn what_is_no_database_file_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let text = directory.path().join("text.db");
    fs::write(&text, "this is a text and no database, however long it may be\n".repeat(100)).unwrap();
    let absent = directory.path().join("absent").join("latchkey.db");
    for path in [directory.path(), &text, &absent] {
        let home = Home::at(&format!("sqlite://{}", path.display()), &[]);
        let (code, said) = doctor(&home);
        assert_eq!(code, 1, "{said}");
        assert_says(&said, &["FAIL  database: ", path.to_str().unwrap()]);
    }
    assert!(!absent.exists() && !absent.parent().unwrap().exists());
}

#[test]
fn what_is_no_data_directory_is_found() {
    let home = Home::new();
    fs::write(home.data(), "a file").unwrap();
    let (code, said) = doctor(&home);
    assert_eq!(code, 1, "{said}");
    assert_says(&said, &["FAIL  data directory: ", home.data().to_str().unwrap()]);
}

#[test]
fn an_address_that_the_machine_lacks_is_found() {
    // RFC 5737
    let (code, said) = doctor(&Home::with(&[("SERVER__BIND", "192.0.2.1:8080")]));
    assert_eq!(code, 1, "{said}");
    assert_says(&said, &["FAIL  address: 192.0.2.1:8080: "]);
}

#[test]
fn one_fault_does_not_hide_another() {
    let mut home = Home::at("postgres://latchkey@127.0.0.1:1/none", &[]);
    home.set("PASSWORD_HASHING__PEPPERS_FILE", "/nowhere/peppers");
    home.set("BREACH__FILE", "/nowhere/breaches");
    home.set("SERVER__BIND", "no-such-name.invalid:80");
    let (code, said) = doctor(&home);
    assert_eq!(code, 1, "{said}");
    assert_says(&said, &["FAIL  configuration: password_hashing.peppers_file: /nowhere/peppers"]);
    assert_says(&said, &["FAIL  address: no-such-name.invalid:80: ", "FAIL  database: ", "FAIL  breaches: "]);
}

mod on_postgres {
    use super::{assert_says, doctor};
    use crate::support::{Home, postgres};

    #[test]
    #[ignore = "needs PostgreSQL"]
    fn a_wrong_password_or_name_of_a_database_is_found_before_the_first_start() {
        let url = postgres::test_database_url();
        let (_, host) = url.rsplit_once('@').unwrap();
        let (server, _) = url.rsplit_once('/').unwrap();
        for wrong in [format!("postgres://nobody_known:hunter2@{host}"), format!("{server}/no_such_database")] {
            let home = Home::at(&wrong, &[]);
            let (code, said) = doctor(&home);
            assert_eq!(code, 1, "{said}");
            assert_says(&said, &["FAIL  database: ", "cannot be reached"]);
            assert!(!said.contains("hunter2") && !home.data().exists(), "{said}");
        }
    }
}

mod on_sqlite {
    use super::{assert_says, doctor};
    use crate::support::Home;

    #[test]
    fn before_the_first_start_it_says_where_the_file_is_to_come() {
        let home = Home::on_sqlite();
        let (_, said) = doctor(&home);
        assert_says(&said, &[home.data().join("latchkey.db").to_str().unwrap()]);
    }
}
