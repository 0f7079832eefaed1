//! One action on many users.

mod actions;
mod activations;
mod audit;
mod bad_bodies;
mod blank_filters;
mod cancel;
mod creator;
mod dry_run;
mod escalation;
mod idempotency;
mod last_administrator;
mod nodes;
mod outcomes;
mod purge;
mod queue;
mod role_limit;
mod selection;
mod stuck;
mod who_may;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::support::{Account, Reply, User, all_pages, process::pause};

/// Longer than any job of a test takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Orders a job.
pub async fn order(by: &User, account: &Account, order: Value) -> Reply {
    by.post(&account.path("/users:bulk"), order).await
}

/// Asks whom a job would be about.
pub async fn preview(by: &User, account: &Account, order: Value) -> Reply {
    by.post(&account.path("/users:bulk/preview"), order).await
}

/// Orders a job that is taken, and waits until it has ended.
pub async fn run(by: &User, account: &Account, job: Value) -> Value {
    let reply = order(by, account, job).await;
    let job = reply.ok(202);
    assert_eq!(reply.header("location"), path(account, &job));
    ended(by, account, &job).await
}

/// The path of a job.
pub fn path(account: &Account, job: &Value) -> String {
    account.path(&format!("/bulk-jobs/{}", job["id"].as_str().unwrap()))
}

/// Waits until the job has ended, in whatever way.
async fn ended(by: &User, account: &Account, job: &Value) -> Value {
    until(by, account, job, |now| !now["finished_at"].is_null()).await
}

/// Waits until the job is as far as this.
async fn until(by: &User, account: &Account, job: &Value, far: impl Fn(&Value) -> bool) -> Value {
    let since = Instant::now();
    loop {
        let now = by.get(&path(account, job)).await.ok(200);
        if far(&now) {
            return now;
        }
        assert!(since.elapsed() < PATIENCE, "{now}");
        pause(Duration::from_millis(2));
    }
}

/// A number of a job.
#[track_caller]
fn number(job: &Value, name: &str) -> u64 {
    job[name].as_u64().unwrap_or_else(|| panic!("no {name}: {job}"))
}

/// Succeeded, unchanged, failed and skipped. They are all there is.
#[track_caller]
fn counts(job: &Value, status: &str) -> (u64, u64, u64, u64) {
    assert_eq!(job["status"], status, "{job}");
    let [succeeded, unchanged, failed, skipped] =
        ["succeeded", "unchanged", "failed", "skipped"].map(|name| number(job, name));
    assert_eq!(number(job, "done"), succeeded + unchanged + failed, "{job}");
    assert_eq!(number(job, "total"), succeeded + unchanged + failed + skipped, "{job}");
    assert_eq!(job["failure"].is_null(), status != "failed", "{job}");
    assert!(!job["started_at"].is_null() && !job["finished_at"].is_null(), "{job}");
    (succeeded, unchanged, failed, skipped)
}

/// What became of each user of the job, by user name; of one that failed with its code.
async fn outcomes(by: &User, account: &Account, job: &Value) -> BTreeMap<String, String> {
    let items = all_pages(by, &format!("{}/outcomes", path(account, job)), 100).await;
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    items
        .iter()
        .map(|item| {
            assert_eq!(item["outcome"] == "failed", item["code"].is_string() && item["message"].is_string(), "{item}");
            let what = [text(&item["outcome"]), text(&item["code"])].join(" ");
            (text(&item["username"]), what.trim().to_owned())
        })
        .collect()
}

/// Adds `user-0`, `user-1` and so on, who have no password yet. Their ids.
async fn crowd(by: &User, account: &Account, size: usize) -> Vec<String> {
    let lines: Vec<String> = (0..size).map(|number| format!("user-{number}")).collect();
    let file = format!(
        "username
{}
",
        lines.join(
            "
"
        )
    );
    let session = by.session().await;
    let sent = session.call("POST", &account.path("/user-imports")).file("text/csv", file).send().await;
    let import = account.path(&format!("/user-imports/{}", sent.ok(202)["id"].as_str().unwrap()));
    let since = Instant::now();
    while by.get(&import).await.ok(200)["status"] != "done" {
        assert!(since.elapsed() < PATIENCE);
        pause(Duration::from_millis(5));
    }
    let users = all_pages(by, &account.path("/users"), 100).await;
    let users = users.iter().filter(|user| user["username"].as_str().unwrap().starts_with("user-"));
    let ids: Vec<_> = users.map(|user| user["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), size);
    ids
}

/// How many users of the account the list finds with these parameters.
async fn listed(by: &User, account: &Account, parameters: &str) -> u64 {
    let (mut found, mut cursor) = (0, String::new());
    loop {
        let page = by.get(&account.path(&format!("/users?limit=100&{parameters}{cursor}"))).await.ok(200);
        found += u64::try_from(page["items"].as_array().unwrap().len()).unwrap();
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}
