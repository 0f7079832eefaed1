//! The key without which nothing opens.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::support::Home;

#[track_caller]
fn complaint(home: &Home) -> String {
    let output = home.run(&["serve"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn another_key_refuses_to_start() {
    let mut home = Home::new();
    let process = home.serve();
    home.keep_address_of(&process);
    let session = process.account("acme").await.user("ann").await.sign_in().await;
    drop(process);
    let (path, right) = (home.data().join("master.key"), home.master_key());

    fs::write(&path, "A".repeat(43)).unwrap();
    let complaint_of_serve = complaint(&home);
    assert!(complaint_of_serve.contains("another master key"), "{complaint_of_serve}");
    assert!(!complaint_of_serve.contains("AAAA"), "{complaint_of_serve}");
    let output = home.run(&["init", "--json", "--username", "root"]);
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");

    // A lost key is not replaced in silence.
    fs::remove_file(&path).unwrap();
    assert!(complaint(&home).contains("another master key"));

    // Nothing was harmed: with the right key all is as before.
    fs::write(&path, right).unwrap();
    let _process = home.serve();
    session.me().await.ok(200);
}

#[test]
fn a_key_that_is_none_or_that_others_can_read_is_refused() {
    let home = Home::new();
    home.init("root");
    let path = home.data().join("master.key");
    let right = home.master_key();
    for wrong in ["", "hunter2", &right[1..], &format!("{right}A")] {
        fs::write(&path, wrong).unwrap();
        let complaint = complaint(&home);
        assert!(complaint.contains("master key is not 32 bytes") && !complaint.contains("hunter2"), "{complaint}");
    }
    fs::write(&path, &right).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(complaint(&home).contains("chmod 600"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    home.serve();
}

#[tokio::test]
async fn the_key_can_lie_elsewhere() {
    let mut home = Home::new();
    home.init("root");
    let (path, right) = (home.data().join("master.key"), home.master_key());
    fs::remove_file(&path).unwrap();
    home.set("KEYS__MASTER_KEY", &right);
    drop(home.serve());
    assert!(!path.exists(), "no other key is made");
    home.set("KEYS__MASTER_KEY_FILE", "/nowhere");
    assert!(complaint(&home).contains("keys.master_key"), "two keys are one too many");
}
