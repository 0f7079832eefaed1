//! The number of roles in an account.

use serde_json::json;

use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn an_account_has_at_most_1000_roles_also_when_many_are_created_at_the_same_moment() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = app.platform_admin().await.session().await;
    let path = account.path("/roles");
    let create = |number: usize| session.post(&path, json!({ "name": format!("role {number}"), "permissions": [] }));
    let replies = in_parallel(990, async |number| create(number).await).await;
    assert_eq!(statuses(&replies), [("201".to_owned(), 990)].into());
    let replies = in_parallel(40, async |number| create(990 + number).await).await;
    assert_eq!(statuses(&replies), [("201".to_owned(), 10), ("409 conflict".to_owned(), 30)].into());
    let problem = create(2_000).await.problem(409, "conflict");
    assert!(problem["detail"].as_str().unwrap().contains("at most 1000 roles"), "{problem:?}");
    // The name is not taken by what was refused, and there is room again where one goes.
    let first = session.get(&format!("{path}?limit=1")).await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    session.call("DELETE", &format!("{path}/{first}")).send().await.empty(204);
    create(2_000).await.ok(201);
    create(2_001).await.problem(409, "conflict");
}
