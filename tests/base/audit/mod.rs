//! What is recorded about changes and about attempts to sign in.

mod chain;
mod changes;
mod coverage;
mod deleted;
mod denied;
mod export;
mod list;
mod parallel;
mod sign_in;
mod together;

use serde_json::Value;

use crate::support::{Account, TestApp, all_pages};

/// All events of the account, the oldest first.
async fn events(app: &TestApp, account: &Account) -> Vec<Value> {
    let root = app.platform_admin().await;
    let mut events = all_pages(&root, &account.path("/audit-events"), 100).await;
    events.reverse();
    events
}

/// The names of the actions of events.
fn actions(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["action"].as_str().unwrap()).collect()
}

/// What `done` has left behind in the account.
async fn events_of<F: Future>(app: &TestApp, account: &Account, done: F) -> Vec<Value> {
    let before = events(app, account).await.len();
    done.await;
    events(app, account).await.split_off(before)
}

/// What verifying the account's chain finds.
async fn verified(app: &TestApp, account: &Account) -> Value {
    app.platform_admin().await.get(&account.path("/audit-events/verify")).await.ok(200)
}
