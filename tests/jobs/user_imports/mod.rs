//! Imports users of another system.

mod bad_lines;
mod bounds;
mod cancel;
mod command;
mod costly_hashes;
mod files;
mod formats;
mod grants;
mod hashes;
mod idempotency;
mod known_code;
mod known_factor;
mod known_password;
mod leftovers;
mod list;
mod nodes;
mod plan_limit;
mod refused;
mod second_run;
mod suspended_account;
mod totp;
mod turns;
mod who_may;

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Account, Reply, TestApp, User, all_pages, process::pause};

const NDJSON: &str = "application/x-ndjson";
const CSV: &str = "text/csv";

/// Sends a file.
async fn send(by: &User, account: &Account, media_type: &str, file: impl Into<Vec<u8>>) -> Reply {
    let session = by.session().await;
    session.call("POST", &account.path("/user-imports")).file(media_type, file).send().await
}

/// From now on the database does not add a user of this name, and says `why`.
pub fn refuse_user(app: &TestApp, username_key: &str, why: &str) {
    let sqlite = format!(
        "CREATE TRIGGER refuse_user BEFORE INSERT ON users WHEN new.username_key = '{username_key}'
         BEGIN SELECT RAISE(ABORT, '{why}'); END"
    );
    let postgres = format!(
        "CREATE FUNCTION refuse_user() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN IF NEW.username_key = '{username_key}' THEN RAISE EXCEPTION '{why}'; END IF; RETURN NEW; END $$;
         CREATE TRIGGER refuse_user BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse_user()"
    );
    app.change_database(&sqlite, &postgres);
}

/// What a database says that is full: nobody knows for how long. An import of such a user waits, open, until its lease ends.
pub const STUCK: &str = "disk I/O error";

/// Lines of users `{name}-{number}`.
fn numbered(name: &str, users: std::ops::Range<usize>) -> String {
    users.map(|number| format!("{{\"username\":\"{name}-{number}\"}}\n")).collect::<Vec<_>>().concat()
}

/// Waits until `query` finds just this.
pub fn wait_for(app: &TestApp, query: &str, expected: &[&str]) {
    let since = Instant::now();
    loop {
        let found = app.look_into_database(query);
        if found == expected {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{query}: {found:?}");
        pause(Duration::from_millis(5));
    }
}

/// Where the import of this reply is found.
fn path_of(account: &Account, import: &Value) -> String {
    account.path(&format!("/user-imports/{}", import["id"].as_str().unwrap()))
}

/// Sends a file that is taken, and waits until it is imported.
async fn import(by: &User, account: &Account, media_type: &str, file: impl Into<Vec<u8>>) -> Value {
    let sent = send(by, account, media_type, file).await;
    let import = sent.ok(202);
    assert_eq!(sent.header("location"), path_of(account, &import));
    finished(by, account, &import).await
}

/// Waits until the import has ended.
async fn finished(by: &User, account: &Account, import: &Value) -> Value {
    let path = path_of(account, import);
    let since = Instant::now();
    loop {
        let now = by.get(&path).await.ok(200);
        if !now["finished_at"].is_null() {
            return now;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{now}");
        pause(Duration::from_millis(5));
    }
}

/// The lines that could not be imported: number, code and message.
async fn errors(by: &User, account: &Account, import: &Value) -> Vec<(u64, String, String)> {
    let path = format!("{}/errors", path_of(account, import));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = all_pages(by, &path, 100).await;
    items.iter().map(|item| (item["line"].as_u64().unwrap(), text(&item["code"]), text(&item["message"]))).collect()
}

/// Imported, unchanged and failed.
fn counts(import: &Value) -> (u64, u64, u64) {
    let count = |name: &str| import[name].as_u64().unwrap();
    assert_eq!(count("total_lines"), count("imported") + count("unchanged") + count("failed_lines"), "{import}");
    assert_eq!(import["status"], "done", "{import}");
    (count("imported"), count("unchanged"), count("failed_lines"))
}

/// All users of the account but the one who imports.
async fn users(by: &User, account: &Account) -> Vec<Value> {
    let mut users = all_pages(by, &account.path("/users"), 100).await;
    users.retain(|user| user["id"] != by.id());
    users.sort_by_key(|user| user["username"].as_str().unwrap().to_owned());
    users
}
