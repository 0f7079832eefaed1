//! Creates an account and its first administrator in one request.

use serde_json::json;

use crate::support::{TestApp, User};

#[tokio::test]
async fn is_created_with_the_account_and_administers_it() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let first = json!({ "username": "boss", "display_name": "Bo", "email": "bo@example.org" });
    let new = json!({ "slug": "acme", "name": "Acme", "limits": { "max_users": 2 }, "first_administrator": first });
    let session = root.session().await;
    let post = || session.call("POST", "/v1/accounts").header("idempotency-key", "one").json(&new).send();
    let created = post().await.ok(201);
    assert_eq!(post().await.ok(201), created, "the first reply is given again");
    assert_eq!((&created["user_count"], &created["limits"]["max_users"]), (&json!(1), &json!(2)));
    let user = &created["first_administrator"]["user"];
    assert_eq!((&user["username"], &user["display_name"]), (&json!("boss"), &json!("Bo")));
    let code = created["first_administrator"]["activation"]["code"].as_str().unwrap();
    let boss = User::new(app.client(), "acme", "boss");
    boss.activate(code).await.empty(204);
    let path = format!("/v1/accounts/{}", created["id"].as_str().unwrap());
    boss.get(&format!("{path}/two-factor-policy")).await.ok(200);
    boss.get(&format!("{path}/password-policies")).await.ok(200);
    boss.post(&format!("{path}/users"), json!({ "username": "ann", "permissions": ["user_permissions"] }))
        .await
        .ok(201);
    boss.post(&format!("{path}/users"), json!({ "username": "bob" })).await.problem(409, "limit_reached");
    let beyond = json!({ "username": "ann", "permissions": ["platform_administration"] });
    boss.post(&format!("{path}/users"), beyond).await.problem(422, "validation_failed");
    // Nobody sees the code again.
    assert!(root.get(&path).await.ok(200).get("first_administrator").is_none());
}

#[tokio::test]
async fn both_are_created_or_none() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let post = async |new| root.post("/v1/accounts", new).await;
    let bad = json!({ "slug": "a b", "name": "Acme", "first_administrator": { "username": "", "email": "x" } });
    let problem = post(bad).await.problem(422, "validation_failed");
    let pointers: Vec<_> = problem.errors().iter().map(|(pointer, _)| *pointer).collect();
    assert_eq!(pointers, ["/slug", "/first_administrator/username", "/first_administrator/email"]);
    let full = json!({
        "slug": "acme", "name": "Acme", "limits": { "max_users": 0 }, "first_administrator": { "username": "boss" }
    });
    post(full).await.problem(409, "limit_reached");
    let asks = json!({ "slug": "acme", "name": "Acme", "first_administrator": { "username": "b", "permissions": [] } });
    post(asks).await.problem(400, "malformed_request");
    assert_eq!(root.get("/v1/accounts?q=acme").await.ok(200)["items"], json!([]));
    post(json!({ "slug": "acme", "name": "Acme", "first_administrator": null })).await.ok(201);
}
