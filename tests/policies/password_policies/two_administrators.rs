//! Two administrators change a policy concurrently.

use serde_json::json;

use super::Policies;
use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn of_changes_to_the_same_version_one_wins() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let path = policies.path(&format!("/{}", policies.create(json!({ "name": "Staff", "strength": "basic" })).await));
    let session = policies.root.session().await;
    for _ in 0..5 {
        let tag = policies.root.get(&path).await.header("etag").to_owned();
        let replies = in_parallel(10, |number| {
            let body = json!({ "name": "Staff", "strength": "basic", "remember_last": number });
            session.call("PUT", &path).header("if-match", &tag).json(&body).send()
        })
        .await;
        assert_eq!(statuses(&replies), [("200".to_owned(), 1), ("412 precondition_failed".to_owned(), 9)].into());
        let won = replies.iter().find(|reply| reply.status == 200).unwrap();
        assert_eq!(policies.root.get(&path).await.ok(200), won.ok(200), "what the winner was told is what counts");
    }
}

#[tokio::test]
async fn a_stale_version_neither_deletes_nor_assigns() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    let path = policies.path(&format!("/{staff}"));
    let stale = policies.root.get(&path).await.header("etag").to_owned();
    let assigned = policies.assign(&staff, json!({ "permissions": ["account_settings"] })).await;
    let current = assigned.header("etag").to_owned();
    assert_ne!(current, stale, "assignments make a new version");
    assert_eq!(policies.root.get(&path).await.header("etag"), current);
    let session = policies.root.session().await;
    let assign = |tag: String| {
        session.call("PUT", &format!("{path}/assignments")).header("if-match", &tag).json(&json!({})).send()
    };
    assign(stale.clone()).await.problem(412, "precondition_failed");
    let delete = |tag: String| session.call("DELETE", &path).header("if-match", &tag).send();
    delete(stale).await.problem(412, "precondition_failed");
    delete("garbage".to_owned()).await.problem(400, "malformed_request");
    delete(current).await.empty(204);
}
