//! Many writers, one chain.

use serde_json::json;

use super::{events, verified};
use crate::support::{Node, TestApp, in_parallel, statuses};

/// Two hundred write at the same moment, every other one at the other node, if there is one.
async fn keeps_one_chain(app: &TestApp, node: Option<&Node>) {
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let session = root.session().await;
    let there = node.map_or_else(|| session.clone(), |node| node.session(&session));
    let before = events(app, &account).await.len();
    let replies = in_parallel(200, |number| {
        let session = if number % 2 == 0 { &session } else { &there };
        let body = json!({ "username": format!("user {number}") });
        let path = account.path("/users");
        async move { session.post(&path, body).await }
    })
    .await;
    assert_eq!(statuses(&replies).keys().collect::<Vec<_>>(), ["201"]);
    let all = events(app, &account).await;
    assert_eq!(all.len(), before + 400, "one for each user and one for each code");
    for (at, event) in all.iter().enumerate() {
        assert_eq!(event["sequence"], at + 1);
    }
    let found = verified(app, &account).await;
    assert_eq!((&found["is_intact"], &found["head_sequence"]), (&json!(true), &json!(all.len())));
}

#[tokio::test]
async fn writers_at_the_same_moment_keep_one_chain_without_a_gap() {
    keeps_one_chain(&TestApp::start().await, None).await;
}

#[tokio::test]
async fn two_accounts_that_are_written_to_by_one_transaction_do_not_wait_for_each_other_in_a_circle() {
    let app = TestApp::start().await;
    app.account("acme").await;
    let session = app.platform_admin().await.session().await;
    let session = &session;
    let replies = in_parallel(60, |number| async move {
        session.post("/v1/accounts", json!({ "slug": format!("a-{number}"), "name": "A" })).await
    })
    .await;
    assert_eq!(statuses(&replies).keys().collect::<Vec<_>>(), ["201"]);
}

mod on_postgres {
    use super::keeps_one_chain;
    use crate::support::TestApp;

    /// A file of SQLite has one process that serves.
    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn writers_at_the_same_moment_on_two_nodes_keep_one_chain_without_a_gap() {
        let app = TestApp::start().await;
        let node = app.another_node().await;
        keeps_one_chain(&app, Some(&node)).await;
    }
}
