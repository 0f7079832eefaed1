//! The SQLite file is removed or replaced under the running service. What is written from then on is gone with the process, so
//! nothing is acknowledged any more, and the service says so.

use std::{fs, path::Path, process::Command};

use rustix::process::Signal;
use serde_json::json;

use crate::support::{Account, Home, Process, Record, Reply, User, all_pages, in_parallel};

/// What the log says, once.
const SAID: &str = "was removed or replaced while the service runs";

/// Runs what an operator types, in the directory above `data`, with a copy of the database in `$COPY`.
#[track_caller]
fn shell(home: &Home, copy: &Path, lines: &str) {
    let mut shell = Command::new("bash");
    shell.args(["-euc", lines]).current_dir(home.data().parent().unwrap()).env("COPY", copy);
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{lines}: {output:?}");
}

#[track_caller]
fn says_no(reply: &Reply) {
    let problem = reply.problem(503, "database_unavailable");
    assert_eq!(problem["writes"], false, "{problem:?}");
}

async fn readyz(process: &Process) -> Reply {
    process.client().call("GET", "/readyz").send().await
}

/// Commands beside the service make no database in the place of the one that is gone, and do not work on another one.
#[track_caller]
fn commands_refuse(home: &Home) {
    let users = home.data().parent().unwrap().join("users.ndjson");
    fs::write(&users, r#"{"username": "imported"}"#).unwrap();
    let there = home.database_file().exists();
    for arguments in [
        &["init", "--username", "late"][..],
        &["migrate"],
        &["import", "--account", "acme", users.to_str().unwrap()],
        &["backup", "late.db"],
        &["doctor"],
    ] {
        let output = home.run(arguments);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("was removed or replaced while a `latchkey serve` runs"), "{arguments:?}: {said}");
        assert_eq!(home.database_file().exists(), there, "{arguments:?}");
    }
}

struct Way<'a> {
    /// What the operator does.
    does: &'a str,
    /// What they have to do after the service was stopped.
    mends: &'a str,
    /// Whether a command can see it.
    is_seen: bool,
}

async fn nothing_is_acknowledged_after(way: Way<'_>) {
    // Whoever comes first finds out: a write, or the probe.
    for is_probed_first in [false, true] {
        let mut home = Home::new();
        if home.database_url().is_some() {
            return;
        }
        let mut process = home.serve();
        home.keep_address_of(&process);
        let account = process.account("acme").await;
        let admin = account.admin(&["user_permissions"]).await;
        let path = account.path("/users");
        let create = |name: String| admin.post(&path, json!({ "username": name }));
        create("early".to_owned()).await.ok(201);
        let copy = home.data().with_file_name("copy.db");
        let output = home.run(&["backup", copy.to_str().unwrap()]);
        assert!(output.status.success(), "{output:?}");
        readyz(&process).await.ok(200);

        shell(&home, &copy, way.does);
        if is_probed_first {
            // Although it was found well a moment ago.
            says_no(&readyz(&process).await);
        }
        for round in 0..2 {
            for reply in in_parallel(20, |number| create(format!("lost {round} {number}"))).await {
                reply.problem(503, "database_unavailable");
            }
            says_no(&readyz(&process).await);
        }
        process.client().call("GET", "/healthz").send().await.ok(200);
        assert_eq!(process.output().matches(SAID).count(), 1, "{}", process.output());
        if way.is_seen {
            commands_refuse(&home);
        }

        process.signal(Signal::TERM);
        process.wait();
        shell(&home, &copy, way.mends);
        process = home.serve();
        readyz(&process).await.ok(200);
        is_there(&account, &admin, "early").await;
        create("after".to_owned()).await.ok(201);
        is_there(&account, &admin, "after").await;
        home.init("another");
        assert!(home.run(&["doctor"]).status.success());
    }
}

async fn is_there(account: &Account, admin: &User, name: &str) {
    let users = all_pages(admin, &account.path("/users"), 100).await;
    assert!(users.iter().any(|user| user["username"] == name), "{name} is not in {users:?}");
}

const RESTORE: &str = "rm -f data/latchkey.db{,-wal,-shm}; install -m 600 \"$COPY\" data/latchkey.db";

#[tokio::test]
async fn a_restore_without_a_stop() {
    nothing_is_acknowledged_after(Way { does: RESTORE, mends: RESTORE, is_seen: true }).await;
}

#[tokio::test]
async fn a_file_that_is_removed() {
    let removes = "rm -f data/latchkey.db{,-wal,-shm}";
    nothing_is_acknowledged_after(Way { does: removes, mends: RESTORE, is_seen: true }).await;
    nothing_is_acknowledged_after(Way { does: "rm data/latchkey.db", mends: RESTORE, is_seen: true }).await;
}

#[tokio::test]
async fn a_file_that_another_one_takes_the_place_of() {
    let replaces = "cp \"$COPY\" other.db; mv -f other.db data/latchkey.db";
    nothing_is_acknowledged_after(Way { does: replaces, mends: RESTORE, is_seen: true }).await;
}

#[tokio::test]
async fn a_log_that_is_removed() {
    nothing_is_acknowledged_after(Way { does: "rm data/latchkey.db-wal", mends: RESTORE, is_seen: false }).await;
}

#[tokio::test]
async fn a_directory_that_is_moved() {
    nothing_is_acknowledged_after(Way { does: "mv data data2", mends: "mv data2 data", is_seen: false }).await;
}

#[tokio::test]
async fn what_was_acknowledged_while_a_directory_is_moved_is_in_it() {
    let mut home = Home::new();
    if home.database_url().is_some() {
        return;
    }
    let mut process = home.serve();
    home.keep_address_of(&process);
    let mut record = Record::of(&process.account("acme").await).await;
    for end in [Signal::TERM, Signal::KILL] {
        let mut load = record.load().await;
        record.wait_for(20).await;
        shell(&home, Path::new(""), "mv data data2");
        says_no(&readyz(&process).await);
        process.signal(end);
        process.wait();
        while let Some(ended) = load.join_next().await {
            ended.unwrap();
        }
        shell(&home, Path::new(""), "rm -rf data; mv data2 data");
        process = home.serve();
        record.check(&format!("{end:?}")).await;
    }
}
