//! The SQLite file is removed or replaced under the running service. What is written after that is gone with the
//! process, so nothing is acknowledged any more, and the service reports it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::Signal;
use serde_json::json;

use crate::support::{Account, Home, Process, Record, Reply, User, all_pages, in_parallel};

/// What commands say beside a server whose file has another name now, or none.
const BY_THE_SERVER: &str = "was removed or replaced while a running `latchkey serve`";

const BY_ITS_LOCKS: &str = "its write-ahead log is not beside it";

/// What the log says, once.
const SAID: &str = "was removed or replaced while the service is running";

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

/// Where SQLite would look for the log if it opened the database by the path that is configured.
fn log_of(home: &Home) -> PathBuf {
    let file = home.database_file();
    let mut log = file.canonicalize().unwrap_or(file).into_os_string();
    log.push("-wal");
    log.into()
}

async fn readyz(process: &Process) -> Reply {
    process.client().call("GET", "/readyz").send().await
}

/// Commands beside the service make no database in the place of the one that is gone, and do not work on another one.
#[track_caller]
fn commands_refuse(home: &Home, why: &str) {
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
        assert!(said.contains(why), "{arguments:?}: {said}");
        assert_eq!(home.database_file().exists(), there, "{arguments:?}");
    }
}

struct Way<'a> {
    /// What the operator does.
    does: &'a str,
    /// What they have to do after the service was stopped.
    mends: &'a str,
    /// What is there before the first start.
    before: &'a str,
    /// What commands beside the service say, if they can see it.
    said: Option<&'a str>,
}

async fn nothing_is_acknowledged_after(way: Way<'_>) {
    // Whoever comes first finds out: a write, or the probe.
    for is_probed_first in [false, true] {
        let mut home = Home::on_sqlite();
        shell(&home, Path::new(""), way.before);
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
        let has_log = log_of(&home).exists();
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
        assert_eq!(log_of(&home).exists(), has_log, "the service makes no other log");
        assert_eq!(process.output().matches(SAID).count(), 1, "{}", process.output());
        if let Some(said) = way.said {
            commands_refuse(&home, said);
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
    nothing_is_acknowledged_after(Way { does: RESTORE, mends: RESTORE, before: "", said: Some(BY_THE_SERVER) }).await;
}

#[tokio::test]
async fn a_file_that_is_removed() {
    let removes = "rm -f data/latchkey.db{,-wal,-shm}";
    nothing_is_acknowledged_after(Way { does: removes, mends: RESTORE, before: "", said: Some(BY_THE_SERVER) }).await;
    nothing_is_acknowledged_after(Way {
        does: "rm data/latchkey.db",
        mends: RESTORE,
        before: "",
        said: Some(BY_THE_SERVER),
    })
    .await;
}

#[tokio::test]
async fn a_file_that_another_one_takes_the_place_of() {
    let replaces = "cp \"$COPY\" other.db; mv -f other.db data/latchkey.db";
    nothing_is_acknowledged_after(Way { does: replaces, mends: RESTORE, before: "", said: Some(BY_THE_SERVER) }).await;
}

#[tokio::test]
async fn a_log_that_is_removed() {
    let does = "rm data/latchkey.db-wal";
    nothing_is_acknowledged_after(Way { does, mends: RESTORE, before: "", said: Some(BY_ITS_LOCKS) }).await;
}

/// Whoever opens the file then makes a new one.
#[tokio::test]
async fn a_log_that_another_one_takes_the_place_of() {
    let does = "rm data/latchkey.db-wal; sqlite3 data/latchkey.db 'SELECT count(*) FROM users' || true; \
                test -e data/latchkey.db-wal";
    nothing_is_acknowledged_after(Way { does, mends: RESTORE, before: "", said: Some(BY_THE_SERVER) }).await;
}

/// SQLite finds the log by the name of the file, without links: the next program would open the same file with another log.
#[tokio::test]
async fn a_file_whose_place_a_link_to_it_takes() {
    let does = "mv data/latchkey.db data/real.db; ln -s real.db data/latchkey.db";
    let said = Some("is now a link to another file");
    let mends = "mv -f data/real.db data/latchkey.db";
    nothing_is_acknowledged_after(Way { does, mends, before: "", said }).await;
    let does = "mkdir big; mv data/latchkey.db big; ln -s ../big/latchkey.db data";
    let mends = "mv -f big/latchkey.db data; rmdir big";
    nothing_is_acknowledged_after(Way { does, mends, before: "", said }).await;
}

#[tokio::test]
async fn a_directory_that_is_moved() {
    nothing_is_acknowledged_after(Way { does: "mv data data2", mends: "mv data2 data", before: "", said: None }).await;
}

#[tokio::test]
async fn what_was_acknowledged_while_a_directory_is_moved_is_in_it() {
    let mut home = Home::on_sqlite();
    let mut process = home.serve();
    home.keep_address_of(&process);
    let mut record = Record::of(&process.account("acme").await).await;
    for by in [Signal::TERM, Signal::KILL] {
        let load = record.load().await;
        record.wait_for(20).await;
        shell(&home, Path::new(""), "mv data data2");
        says_no(&readyz(&process).await);
        process.signal(by);
        process.ended_under(load).await;
        shell(&home, Path::new(""), "rm -rf data; mv data2 data");
        process = home.serve();
        record.check(&format!("{by:?}")).await;
    }
}

/// The log stays behind after a kill, and SQLite would delete it unread, or never look at it.
#[tokio::test]
async fn a_log_whose_database_is_not_where_it_was_is_not_lost_at_the_next_start() {
    let mut home = Home::on_sqlite();
    let mut process = home.serve();
    home.keep_address_of(&process);
    let mut record = Record::of(&process.account("acme").await).await;
    for (does, undoes) in [
        ("mv data/latchkey.db data/real.db; ln -s real.db data/latchkey.db", "mv -f data/real.db data/latchkey.db"),
        ("mv data/latchkey.db away.db", "mv away.db data/latchkey.db"),
        ("cp data/latchkey.db away.db; truncate -s 0 data/latchkey.db", "cp away.db data/latchkey.db"),
    ] {
        let load = record.load().await;
        record.wait_for(20).await;
        process.signal(Signal::KILL);
        process.ended_under(load).await;
        shell(&home, Path::new(""), does);
        for command in [&["serve"][..], &["doctor"], &["migrate"], &["init", "--username", "late"]] {
            let output = home.run(command);
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert_eq!(output.status.code(), Some(1), "{does}: {command:?}: {said}");
            assert!(said.contains("latchkey.db-wal holds changes of a database"), "{does}: {command:?}: {said}");
        }
        shell(&home, Path::new(""), undoes);
        process = home.serve();
        record.check(does).await;
    }
}

mod slow {
    use super::{BY_ITS_LOCKS, Way, nothing_is_acknowledged_after};

    #[tokio::test]
    async fn a_link_whose_file_takes_its_place_or_is_moved() {
        let before = "mkdir -m 700 data; ln -s real.db data/latchkey.db";
        let said = Some(BY_ITS_LOCKS);
        let does = "mv -f data/real.db data/latchkey.db";
        let mends = "mv data/latchkey.db data/real.db; ln -s real.db data/latchkey.db";
        nothing_is_acknowledged_after(Way { does, mends, before, said }).await;
        let does = "mv data/real.db data/real2.db; ln -sfn real2.db data/latchkey.db";
        let mends = "mv data/real2.db data/real.db; ln -sfn real.db data/latchkey.db";
        nothing_is_acknowledged_after(Way { does, mends, before, said }).await;
    }
}
