//! Cuts the power at every moment: what was acknowledged is on disk, and the file is intact.
//!
//! The end of a process alone leaves what the system was given, and would be survived without syncing at all. So strace
//! records what the service asks of the system, and the disk is reconstructed as it would be found: with what was
//! synced, and without the rest, or with parts of it. SQLite opens it, and it is compared with the replies that had
//! begun to leave. On SQLite; what PostgreSQL acknowledges is its own promise.

mod disk;
mod trace;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use diesel::{
    Connection, RunQueryDsl, SqliteConnection,
    dsl::sql,
    sql_types::{BigInt, Text},
};
use serde_json::{Value, json};

use self::{
    disk::{Disk, Rest},
    trace::{CALLS, Event},
};
use crate::support::{Account, Call, Home, Session, User, process::pause};

/// strace needs a moment to write down the end of what it watched.
const PATIENCE: Duration = Duration::from_secs(60);

/// A change that is asked for.
#[derive(Clone)]
struct Change {
    /// The request's id, which comes back with the reply.
    id: String,
    /// Counts what is there once the change is made.
    query: String,
    /// How much that is at least.
    least: i64,
}

impl Change {
    fn new(id: &str, query: String) -> Self {
        Self { id: id.to_owned(), query, least: 1 }
    }

    /// Whether it is not there.
    fn is_lost(&self, conn: &mut SqliteConnection) -> bool {
        !sql::<BigInt>(&self.query).get_result::<i64>(conn).is_ok_and(|count| count >= self.least)
    }
}

/// A strace that writes into this file, and runs a program in its own place.
fn strace(into: &Path) -> Command {
    let found = Command::new("strace").arg("-V").stdout(Stdio::null()).status();
    assert!(found.is_ok_and(|status| status.success()), "without strace nothing is shown here: scripts/need strace");
    let mut strace = Command::new("strace");
    strace.args(["-D", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "1048576", "-e", "signal=KILL", "-e"]);
    strace.arg(format!("trace={CALLS}")).arg("-o").arg(into);
    strace
}

/// What was written down of a process that has ended.
fn recorded(trace: &Path, process: u32, root: &Path) -> Vec<Event> {
    let since = Instant::now();
    loop {
        let text = fs::read_to_string(trace).unwrap_or_default();
        let is_end = |line: &str| line.split_whitespace().take(2).eq([&*process.to_string(), "+++"]);
        if text.lines().last().is_some_and(is_end) {
            return trace::read(&text, root);
        }
        assert!(since.elapsed() < PATIENCE, "strace does not tell of the end: {text:.2000}");
        pause(Duration::from_millis(20));
    }
}

/// Begins with the disk as it was before, and cuts the power whenever a reply begins to leave, and whenever the process
/// begins to wait for the disk afterwards. What is wrong then, if anything; and of how many changes the replies have left.
fn losses(
    before: &Disk,
    events: &[Event],
    root: &Path,
    file: &Path,
    changes: &[Change],
    reply: fn(&[u8]) -> Option<String>,
) -> (Option<String>, usize) {
    let mut disk = before.clone();
    let mut acknowledged: Vec<&Change> = Vec::new();
    for (moment, event) in events.iter().enumerate() {
        let is_moment = match event {
            Event::Sent(bytes) => {
                let id = reply(bytes);
                let change = changes.iter().find(|change| id.as_ref() == Some(&change.id));
                acknowledged.extend(change);
                change.is_some()
            }
            Event::SyncBegins { .. } => !acknowledged.is_empty(),
            _ => false,
        };
        if is_moment {
            for rest in [Rest::Lost, Rest::Kept, Rest::Torn(u64::try_from(moment).unwrap() + 1)] {
                if let Some(wrong) = wrong_after(&disk, rest, root, file, &acknowledged) {
                    return (
                        Some(format!("{wrong} ({rest:?}, moment {moment} of {})", events.len())),
                        acknowledged.len(),
                    );
                }
            }
        }
        disk.take(event);
    }
    (None, acknowledged.len())
}

fn wrong_after(disk: &Disk, rest: Rest, root: &Path, file: &Path, acknowledged: &[&Change]) -> Option<String> {
    let directory = tempfile::tempdir().unwrap();
    disk.lay_out(rest, root, directory.path());
    let file = directory.path().join(file.strip_prefix(root).unwrap());
    if !file.exists() {
        return Some("the file is gone".to_owned());
    }
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    match sql::<Text>("PRAGMA integrity_check").get_result::<String>(&mut conn) {
        Ok(verdict) if verdict == "ok" => {}
        other => return Some(format!("the file is damaged: {other:?}")),
    }
    acknowledged.iter().find(|change| change.is_lost(&mut conn)).map(|change| format!("{} is gone", change.id))
}

/// The id in a reply that tells of success.
fn acknowledgement(sent: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(sent);
    let (head, _) = text.strip_prefix("HTTP/1.1 2")?.split_once("\r\n\r\n")?;
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("x-request-id").then(|| value.to_owned())
    })
}

/// Sends a request under this id. Whether it did what it was to do.
async fn ask(call: Call, id: &str) -> Option<Value> {
    let reply = call.header("x-request-id", id).send().await;
    // A disk so slow that a request is put off proves nothing, and promises nothing.
    let is_done = reply.status < 300;
    assert!(is_done || reply.status == 503, "{reply:?}");
    is_done.then(|| if reply.body.is_empty() { Value::Null } else { reply.json() })
}

/// People come, get a role and are disabled, one after the other.
async fn people(by: &Session, account: &Account, lane: usize) -> Vec<Change> {
    let mut changes = Vec::new();
    for number in 0..6 {
        let name = format!("user-{lane}-{number}");
        let new = json!({ "username": name });
        let Some(created) = ask(by.call("POST", &account.path("/users")).json(&new), &name).await else { continue };
        changes.push(Change::new(&name, format!("SELECT count(*) FROM users WHERE username = '{name}'")));
        let role = format!("role-{lane}-{number}");
        if ask(
            by.call("POST", &account.path("/roles"))
                .json(&json!({ "name": role, "permissions": ["account_settings"] })),
            &role,
        )
        .await
        .is_some()
        {
            changes.push(Change::new(&role, format!("SELECT count(*) FROM roles WHERE name = '{role}'")));
        }
        let path = account.path(&format!("/users/{}/actions/disable", created["user"]["id"].as_str().unwrap()));
        let id = format!("disable-{lane}-{number}");
        if ask(by.call("POST", &path), &id).await.is_some() {
            let query = format!("SELECT count(*) FROM users WHERE username = '{name}' AND status = 'disabled'");
            changes.push(Change::new(&id, query));
        }
    }
    changes
}

/// Sessions end, one after the other.
async fn log_out(sessions: Vec<Session>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (before, session) in sessions.into_iter().enumerate() {
        let id = format!("logout-{before}");
        if ask(session.call("POST", "/v1/logout"), &id).await.is_some() {
            let query = "SELECT count(*) FROM sessions WHERE ended = 'logout'".to_owned();
            let least = i64::try_from(changes.len()).unwrap() + 1;
            changes.push(Change { id, query, least });
        }
    }
    changes
}

/// Several requests at a time, so that some share a commit.
async fn many_changes(account: &Account) -> Vec<Change> {
    let session = account.admin(&["user_permissions", "account_settings"]).await.session().await;
    let leaver = account.user("leaver").await;
    let mut leaving = Vec::new();
    for _ in 0..4 {
        leaving.push(leaver.sign_in().await);
    }
    let lanes = futures_util::future::join_all((0..4).map(|lane| people(&session, account, lane)));
    let (mut changes, lanes) = tokio::join!(log_out(leaving), lanes);
    changes.extend(lanes.into_iter().flatten());
    changes
}

/// The same events, but that nothing is waited for.
fn without_waiting(events: &[Event]) -> Vec<Event> {
    let waits = |event: &&Event| matches!(event, Event::SyncBegins { .. } | Event::SyncEnds { .. });
    events.iter().filter(|event| !waits(event)).cloned().collect()
}

/// The same events, but that every reply leaves before the last wait has ended.
fn replies_too_early(events: &[Event]) -> Vec<Event> {
    let mut early: Vec<Event> = Vec::new();
    for event in events {
        let last_wait = early.iter().rposition(|event| matches!(event, Event::SyncEnds { .. }));
        match (event, last_wait) {
            (Event::Sent(bytes), Some(at)) if acknowledgement(bytes).is_some() => early.insert(at, event.clone()),
            _ => early.push(event.clone()),
        }
    }
    early
}

#[tokio::test]
async fn no_reply_leaves_before_its_change_is_on_disk() {
    let mut home = Home::on_sqlite();
    let root = fs::canonicalize(home.data().parent().unwrap()).unwrap();
    let file = root.join("data/latchkey.db");
    let elsewhere = tempfile::tempdir().unwrap();
    let record = elsewhere.path().join("trace");

    // Who administers the platform is made by a process that nobody watches, and so before.
    let mut process = home.serve();
    home.keep_address_of(&process);
    let account = process.account("acme").await;
    let ann = account.user("ann").await;
    process.terminate();
    process.wait();
    let before = Disk::of(&root.join("data"));

    let mut process = home.serve_under(strace(&record));
    let changes = many_changes(&account).await;
    assert!(changes.len() > 20, "most requests were put off: {}", changes.len());
    process.kill();
    let events = recorded(&record, process.id().as_raw_nonzero().get().try_into().unwrap(), &root);

    let (lost, acknowledged) = losses(&before, &events, &root, &file, &changes, acknowledgement);
    assert_eq!(lost, None);
    assert_eq!(acknowledged, changes.len(), "every reply is found again");

    // What was not waited for is found out.
    let (lost, _) = losses(&before, &without_waiting(&events), &root, &file, &changes, acknowledgement);
    assert!(lost.is_some());
    let (lost, _) = losses(&before, &replies_too_early(&events), &root, &file, &changes, acknowledgement);
    assert!(lost.is_some_and(|lost| lost.contains("is gone")), "a reply that leaves too early");

    // With what is left of it the service goes on: the key is there, too, and it is the right one.
    let mut disk = before;
    for event in &events {
        disk.take(event);
    }
    let home = Home::on_sqlite();
    disk.lay_out(Rest::Lost, &root, home.data().parent().unwrap());
    fs::set_permissions(home.data().join("master.key"), fs::Permissions::from_mode(0o600)).unwrap();
    let process = home.serve();
    User::new(process.client(), "acme", ann.username()).sign_in().await.me().await.ok(200);
}

#[tokio::test]
async fn the_first_start_is_on_disk_before_the_service_listens() {
    let home = Home::on_sqlite();
    let root = fs::canonicalize(home.data().parent().unwrap()).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let record = elsewhere.path().join("trace");
    // The directory, the file and the key are new.
    let mut process = home.serve_under(strace(&record));
    let key = home.master_key();
    process.kill();
    let events = recorded(&record, process.id().as_raw_nonzero().get().try_into().unwrap(), &root);
    let listens =
        |event: &Event| matches!(event, Event::Sent(bytes) if bytes.windows(12).any(|w| w == b"listening on"));
    let listening = events.iter().position(listens).expect("it says that it listens");
    let mut disk = Disk::default();
    events[..listening].iter().for_each(|event| disk.take(event));
    for rest in [Rest::Lost, Rest::Kept, Rest::Torn(1), Rest::Torn(2), Rest::Torn(3)] {
        let left = tempfile::tempdir().unwrap();
        disk.lay_out(rest, &root, left.path());
        assert_eq!(fs::read_to_string(left.path().join("data/master.key")).unwrap(), key, "{rest:?}");
        let mut conn = SqliteConnection::establish(left.path().join("data/latchkey.db").to_str().unwrap()).unwrap();
        let keys = sql::<BigInt>("SELECT count(*) FROM signing_keys").get_result::<i64>(&mut conn);
        assert_eq!(keys, Ok(1), "{rest:?}");
    }
}

#[test]
fn a_setting_that_does_not_wait_for_the_disk_is_found_out() {
    for (synchronous, is_safe) in [("OFF", false), ("NORMAL", false), ("FULL", true), ("EXTRA", true)] {
        let directory = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(directory.path()).unwrap().join("root");
        fs::create_dir(&root).unwrap();
        let (record, file) = (directory.path().join("trace"), root.join("x.db"));
        let mut statements = vec![
            "PRAGMA journal_mode = WAL".to_owned(),
            format!("PRAGMA synchronous = {synchronous}"),
            "CREATE TABLE changes (name TEXT)".to_owned(),
        ];
        let mut changes = Vec::new();
        for number in 0..5 {
            let name = format!("change-{number}");
            statements.extend([format!("INSERT INTO changes VALUES ('{name}')"), format!(".system echo did {name}")]);
            changes.push(Change::new(&name, format!("SELECT count(*) FROM changes WHERE name = '{name}'")));
        }
        let mut sqlite = strace(&record);
        sqlite.args(["sqlite3", "-bail"]).arg(&file).args(statements).stdout(Stdio::null());
        let mut sqlite = sqlite.spawn().unwrap();
        assert!(sqlite.wait().unwrap().success(), "scripts/need installs what is missing");
        let reply = |sent: &[u8]| Some(std::str::from_utf8(sent).ok()?.strip_prefix("did ")?.trim().to_owned());
        let (lost, acknowledged) =
            losses(&Disk::default(), &recorded(&record, sqlite.id(), &root), &root, &file, &changes, reply);
        assert_eq!(lost.is_none(), is_safe, "{synchronous}: {lost:?}");
        assert!(acknowledged > 0, "{synchronous}: nothing was acknowledged");
        assert!(!is_safe || acknowledged == changes.len(), "{synchronous}: {acknowledged}");
    }
}
