//! A job that is requested again with the same key runs once.

use serde_json::json;

use super::ended;
use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn the_same_key_is_the_same_job_also_at_the_same_moment() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let session = by.session().await;
    let path = account.path("/users:bulk");
    let body = json!({ "action": "unlock", "filter": { "all": true } });
    let ask = |_| session.call("POST", &path).header("idempotency-key", "k").json(&body).send();
    let replies = in_parallel(8, ask).await;
    assert_eq!(statuses(&replies).get("202"), Some(&8));
    let jobs: Vec<_> = replies.iter().map(|reply| reply.ok(202)["id"].clone()).collect();
    assert!(jobs.iter().all(|job| *job == jobs[0]), "{jobs:?}");
    assert_eq!(by.get(&account.path("/bulk-jobs")).await.ok(200)["items"].as_array().unwrap().len(), 1);
    ended(&by, &account, &replies[0].ok(202)).await;

    let other = json!({ "action": "disable", "filter": { "all": true } });
    let reused = session.call("POST", &path).header("idempotency-key", "k").json(&other).send().await;
    reused.problem(422, "idempotency_key_reused");
}
