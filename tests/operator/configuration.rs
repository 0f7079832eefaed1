//! What cannot be meant refuses to start, and says why.

use std::{fs, net::TcpListener};

use crate::support::Home;

#[track_caller]
fn complaint(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(!home.data().join("latchkey.db").exists(), "nothing was begun");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_unknown_key_is_named() {
    for (key, expected) in
        [("SERVER__BNID", "server.bnid"), ("SERVRE__BIND", "servre"), ("THROTTLE__CODE__FREE", "throttle.code")]
    {
        let home = Home::with(&[(key, "hunter2")]);
        for command in [&["serve"][..], &["init", "--username", "root"], &["migrate"], &["doctor"]] {
            let complaint = complaint(&home, command);
            assert!(complaint.contains(&format!("{expected}: no such key")), "{complaint}");
            assert!(complaint.contains(&format!("LATCHKEY__{key}")) && !complaint.contains("hunter2"), "{complaint}");
        }
    }
}

#[test]
fn an_unknown_key_in_the_file_is_named() {
    let home = Home::new();
    fs::create_dir(home.data()).unwrap();
    let file = home.data().join("latchkey.toml");
    fs::write(&file, "[tokens]\nlifetime = 5\n").unwrap();
    let complaint = complaint(&home, &["--config", file.to_str().unwrap(), "serve"]);
    assert!(complaint.contains("tokens.lifetime: no such key") && complaint.contains("latchkey.toml"), "{complaint}");
}

#[test]
fn a_value_that_cannot_be_used_is_named_and_not_shown() {
    for (key, value, expected) in [
        ("SERVER__BIND", "hunter2", "server.bind"),
        ("SERVER__HEAD_SECONDS", "0", "server.head_seconds"),
        ("SERVER__CORS_ORIGINS", "[\"*\"]", "server.cors_origins"),
        ("DATABASE__URL", "mysql://root:hunter2@localhost", "database.url"),
        ("PASSWORD_HASHING__MEMORY_KIB", "8", "password_hashing"),
        ("KEYS__MASTER_KEY", "hunter2", "master key"),
        ("LOG__LEVEL", "loud=very", "log.level"),
        ("LOG__FORMAT", "xml", "log.format"),
    ] {
        let home = Home::with(&[(key, value)]);
        let output = home.run(&["serve"]);
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{key}: {complaint}");
        assert!(complaint.contains(expected) && !complaint.contains("hunter2"), "{key}: {complaint}");
    }
}

#[test]
fn hashes_that_cost_nothing_cannot_be_configured() {
    let home = Home::with(&[("PASSWORD_HASHING__WEAK_FOR_TESTS", "true")]);
    assert!(complaint(&home, &["serve"]).contains("weak_for_tests: no such key"));
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let home = Home::with(&[("SERVER__BIND", &address)]);
    let output = home.run(&["serve"]);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains(&format!("cannot listen on {address}")), "{complaint}");
}

#[test]
fn what_is_no_command_is_refused() {
    for arguments in [&["sreve"][..], &[], &["serve", "--port", "1"]] {
        let output = Home::new().run(arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}
