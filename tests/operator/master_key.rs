//! The master key: where it is, when one is created, and what happens without it.

use std::{fs, os::unix::fs::PermissionsExt, thread};

use super::sql;
use crate::support::{Home, Session};

#[track_caller]
fn complaint_of(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[track_caller]
fn complaint(home: &Home) -> String {
    complaint_of(home, &["serve"])
}

/// What a doctor says who finds something wrong.
#[track_caller]
fn findings(home: &Home) -> String {
    let output = home.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A home whose database has something sealed, and the session of somebody in it.
async fn in_use() -> (Home, Session) {
    let mut home = Home::new();
    let process = home.serve();
    home.keep_address_of(&process);
    let session = process.account("acme").await.user("ann").await.sign_in().await;
    drop(process);
    (home, session)
}

/// All commands that need the key.
fn commands(home: &Home) -> [Vec<String>; 3] {
    let users = home.data().with_file_name("users.ndjson");
    fs::write(&users, "{\"username\":\"bob\"}\n").unwrap();
    [
        vec!["serve".to_owned()],
        ["init", "--json", "--username", "second"].map(str::to_owned).into(),
        ["import", "--account", "acme", users.to_str().unwrap()].map(str::to_owned).into(),
    ]
}

/// Every command says that the key is gone, and none makes another one.
#[track_caller]
fn is_gone(home: &Home, place: &str) {
    for command in commands(home) {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let complaint = complaint_of(home, &command);
        for part in ["the master key is gone", place, "restore it from your backup", "authenticator apps"] {
            assert!(complaint.contains(part), "{command:?}: {part}: {complaint}");
        }
        assert!(!complaint.contains("internal error"), "{complaint}");
        let left: Vec<_> = fs::read_dir(home.data()).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
        assert!(!left.iter().any(|path| path.to_string_lossy().contains("master")), "{command:?}: {left:?}");
    }
    let findings = findings(home);
    assert!(findings.contains("FAIL  master key: the master key is gone") && findings.contains(place), "{findings}");
}

#[tokio::test]
async fn a_lost_key_is_never_replaced() {
    let (home, session) = in_use().await;
    let (path, right) = (home.data().join("master.key"), home.master_key());
    fs::remove_file(&path).unwrap();
    is_gone(&home, path.to_str().unwrap());

    // Nothing was harmed: with the right key all is as before.
    fs::write(&path, right).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let _process = home.serve();
    session.me().await.ok(200);
}

#[tokio::test]
async fn a_lost_key_file_of_the_configuration_is_never_replaced() {
    let (mut home, session) = in_use().await;
    let place = home.data().with_file_name("key-elsewhere");
    fs::rename(home.data().join("master.key"), &place).unwrap();
    home.set("KEYS__MASTER_KEY_FILE", place.to_str().unwrap());
    drop(home.serve());
    fs::rename(&place, place.with_extension("lost")).unwrap();
    is_gone(&home, place.to_str().unwrap());
    fs::rename(place.with_extension("lost"), &place).unwrap();
    let _process = home.serve();
    session.me().await.ok(200);
}

#[tokio::test]
async fn another_machine_without_the_key_makes_none() {
    let (home, _) = in_use().await;
    let other = sql::beside(&home);
    is_gone(&other, other.data().join("master.key").to_str().unwrap());
    assert!(!other.data().exists(), "nothing is begun");
}

#[tokio::test]
async fn a_schema_is_brought_up_to_date_without_the_key() {
    let (home, _) = in_use().await;
    fs::remove_file(home.data().join("master.key")).unwrap();
    let output = home.run(&["migrate"]);
    assert!(output.status.success(), "{output:?}");
    assert!(!home.data().join("master.key").exists());
}

/// Whatever is left of what was sealed, a new key would make it worthless for good.
#[tokio::test]
async fn anything_sealed_is_enough() {
    let home = Home::new();
    let process = home.serve();
    let account = process.account("acme").await;
    account.set_mode("all_users").await;
    account.user("ann").await.sign_in().await;
    // The secret of a device that is not confirmed yet.
    account.user("bob").await.login().await.challenge("totp_enrollment").enrollment().await.ok(200);
    drop(process);
    let (path, right) = (home.data().join("master.key"), home.master_key());
    fs::remove_file(&path).unwrap();
    for emptied in ["signing_keys", "idempotency_keys", "authenticators"] {
        sql::run(&home, &format!("DELETE FROM {emptied}"));
        let complaint = complaint(&home);
        assert!(complaint.contains("the master key is gone") && !path.exists(), "without {emptied}: {complaint}");
    }
    fs::write(&path, "A".repeat(43)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(complaint(&home).contains("this key is not the one that sealed this database"));
    sql::run(&home, "DELETE FROM challenges");
    // Now nothing needs the old one.
    drop(home.serve());
    assert_ne!(home.master_key(), right);
}

#[tokio::test]
async fn the_key_of_another_installation_is_refused() {
    let (mut home, session) = in_use().await;
    let (path, right) = (home.data().join("master.key"), home.master_key());
    let wrong = "A".repeat(43);

    let refused = |home: &Home, place: &str| {
        for command in commands(home) {
            let command: Vec<&str> = command.iter().map(String::as_str).collect();
            let complaint = complaint_of(home, &command);
            assert!(complaint.contains("this key is not the one that sealed this database"), "{complaint}");
            assert!(complaint.contains(place) && complaint.contains("another master key"), "{complaint}");
            assert!(!complaint.contains("AAAA") && !complaint.contains("internal error"), "{complaint}");
        }
        let findings = findings(home);
        assert!(findings.contains("FAIL  master key: this key is not the one"), "{findings}");
        assert!(findings.contains(place) && !findings.contains("AAAA"), "{findings}");
    };
    fs::write(&path, &wrong).unwrap();
    refused(&home, path.to_str().unwrap());
    assert_eq!(home.master_key(), wrong, "it is left as it is");
    fs::write(&path, right).unwrap();
    drop(home.serve());

    home.set("KEYS__MASTER_KEY", &wrong);
    refused(&home, "keys.master_key");
    let other = Home::new();
    other.init("root");
    let place = other.data().join("master.key");
    let mut elsewhere = sql::beside(&home);
    elsewhere.set("KEYS__MASTER_KEY_FILE", place.to_str().unwrap());
    refused(&elsewhere, place.to_str().unwrap());

    home.set("KEYS__MASTER_KEY", &home.master_key());
    let _process = home.serve();
    session.me().await.ok(200);
}

/// A machine was set up anew, had its first start, and then got the database from the backup.
#[tokio::test]
async fn a_new_key_beside_an_old_database_is_refused() {
    let (home, _) = in_use().await;
    let fresh = Home::new();
    fresh.init("root");
    let made = fresh.master_key();
    let restored = sql::beside(&home);
    fs::create_dir(restored.data()).unwrap();
    fs::copy(fresh.data().join("master.key"), restored.data().join("master.key")).unwrap();
    assert!(complaint(&restored).contains("this key is not the one that sealed this database"));
    assert_eq!(restored.master_key(), made);
    let findings = findings(&restored);
    assert!(findings.contains("FAIL  master key"), "{findings}");
}

#[test]
fn what_is_no_key_is_not_replaced_at_the_first_start_either() {
    for wrong in ["", "hunter2"] {
        let home = Home::new();
        fs::create_dir(home.data()).unwrap();
        let path = home.data().join("master.key");
        fs::write(&path, wrong).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(findings(&home).contains("FAIL  master key: "));
        let complaint = complaint(&home);
        assert!(complaint.contains("master key is not 32 bytes") && !complaint.contains("hunter2"), "{complaint}");
        assert_eq!(home.master_key(), wrong);
    }
}

/// The plug was pulled between the key and what it seals first.
#[test]
fn a_key_that_has_sealed_nothing_yet_is_taken() {
    let home = Home::new();
    assert!(home.run(&["migrate"]).status.success());
    fs::create_dir_all(home.data()).unwrap();
    let path = home.data().join("master.key");
    fs::write(&path, "A".repeat(43)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let output = home.run(&["doctor"]);
    assert!(output.status.success(), "{output:?}");
    home.init("root");
    assert_eq!(home.master_key(), "A".repeat(43));
    drop(home.serve());
}

#[test]
fn two_machines_that_start_at_once_have_one_key() {
    for _ in 0..5 {
        let mut one = Home::new();
        // The file of SQLite lies in the directory of the one.
        fs::create_dir(one.data()).unwrap();
        let mut other = sql::beside(&one);
        let outputs = thread::scope(|scope| {
            let inits = [(&one, "ann"), (&other, "bob")]
                .map(|(home, name)| scope.spawn(move || home.run(&["init", "--json", "--username", name])));
            inits.map(|init| init.join().unwrap())
        });
        let made = [&one, &other].map(|home| home.data().join("master.key").exists());
        assert_eq!(made.iter().filter(|made| **made).count(), 1, "{outputs:?}");
        for (output, made) in outputs.iter().zip(made) {
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.success(), made, "{said}");
            assert!(made || said.contains("another master key") || said.contains("the master key is gone"), "{said}");
        }
        let right = if made[0] { one.master_key() } else { other.master_key() };
        for home in [&mut one, &mut other] {
            home.set("KEYS__MASTER_KEY", &right);
            home.init("root");
        }
    }
}

#[test]
fn no_key_is_made_for_a_database_that_cannot_be_reached() {
    let home = Home::at("postgres://latchkey@127.0.0.1:1/none", &[]);
    for command in [&["init", "--username", "root"][..], &["doctor"]] {
        let output = home.run(command);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(!home.data().join("master.key").exists());
    }
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

mod on_postgres {
    use super::super::sql;
    use super::{in_use, is_gone};

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn another_machine_without_the_key_makes_none_while_the_first_one_serves() {
        let (home, _) = in_use().await;
        let _process = home.serve();
        is_gone(&sql::beside(&home), "master.key");
    }
}

mod slow {
    use std::{
        fs,
        os::unix::{
            fs::{PermissionsExt, chown, symlink},
            process::CommandExt,
        },
    };

    use super::{complaint, findings};
    use crate::support::{Home, postgres::owner};

    #[test]
    fn what_is_no_key_is_refused_and_left_in_its_place() {
        let home = Home::new();
        home.init("root");
        let path = home.data().join("master.key");
        let right = home.master_key();
        for wrong in ["", "\n", "hunter2", &right[1..], &format!("{right}A"), &right[..20]] {
            fs::write(&path, wrong).unwrap();
            let complaint = complaint(&home);
            assert!(complaint.contains("master key is not 32 bytes") && !complaint.contains("hunter2"), "{complaint}");
            assert!(complaint.contains(path.to_str().unwrap()), "{complaint}");
            assert!(complaint.contains("restore it from your backup"), "{complaint}");
            assert_eq!(home.master_key(), wrong);
            assert!(findings(&home).contains("FAIL  master key: "));
        }
        fs::write(&path, &right).unwrap();
        for mode in [0o644, 0o640, 0o604, 0o660, 0o622] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(complaint(&home).contains("chmod 600"), "{mode:o}");
            assert!(findings(&home).contains("chmod 600"), "{mode:o}");
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(complaint(&home).contains("is not a file") && path.is_dir());
        assert!(findings(&home).contains("is not a file"));
        fs::remove_dir(&path).unwrap();
        symlink("/nowhere/master.key", &path).unwrap();
        assert!(complaint(&home).contains("the master key cannot be read") && path.is_symlink());
        assert!(findings(&home).contains("the master key cannot be read"));
        fs::remove_file(&path).unwrap();
        fs::write(&path, &right).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        home.serve();
    }

    /// As orchestrators hand out secrets: the file belongs to root, and the process is in its group.
    #[test]
    fn a_key_that_root_hands_to_the_group_of_the_process_is_taken() {
        let (user, group) = owner().expect("this test gives files away, so it runs as root");
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let (key, data) = (place.path().join("key"), place.path().join("data"));
        fs::write(&key, "A".repeat(43)).unwrap();
        fs::create_dir(&data).unwrap();
        chown(&data, Some(user), Some(group)).unwrap();
        let url = format!("sqlite://{}", data.join("latchkey.db").display());
        let home = Home::at(&url, &[("KEYS__MASTER_KEY_FILE", key.to_str().unwrap())]);
        fs::set_permissions(home.data().parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
        let migrated = |owner: u32, mode: u32| {
            chown(&key, Some(owner), Some(group)).unwrap();
            fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
            let mut init = home.command(&["init", "--username", &format!("root {owner} {mode:o}")]);
            let output = init.uid(user).gid(group).output().unwrap();
            (output.status.success(), String::from_utf8(output.stderr).unwrap())
        };
        for mode in [0o440, 0o640] {
            let (is_taken, said) = migrated(0, mode);
            assert!(is_taken, "{mode:o}: {said}");
        }
        for (owner, mode) in [(0, 0o460), (0, 0o444), (0, 0o660), (0, 0o442), (user, 0o440), (user, 0o640)] {
            let (is_taken, said) = migrated(owner, mode);
            assert!(!is_taken && said.contains("chmod 600"), "{owner} {mode:o}: {said}");
        }
    }
}
