//! Whatever is wrong with a sign-in, the reply is the same.

use serde_json::{Value, json};

use crate::support::{OTHER_PASSWORD, PASSWORD, Reply, TestApp};

/// All that a client sees, but for the id of the request and the time.
fn seen(reply: &Reply) -> (u16, Vec<(String, String)>, Value) {
    let headers = reply.headers.iter().filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
    let mut headers: Vec<_> =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    headers.sort();
    (reply.status, headers, reply.problem(401, "invalid_credentials").without_instance())
}

#[tokio::test]
async fn unknown_accounts_unknown_users_wrong_passwords_and_closed_doors_look_the_same() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.user("ann").await;
    account.invited(json!({ "username": "invited" })).await;
    let disabled = account.user("disabled").await;
    account.act_on(&disabled, "disable").await.empty(204);
    let asked = account.user("asked").await;
    account.ask_only(&[&asked]).await;
    app.account("other").await;
    let (suspended, deleting) = (app.account("suspended").await, app.account("deleting").await);
    suspended.user("ann").await;
    deleting.user("ann").await;
    let root = app.platform_admin().await;
    root.act(&suspended.path("/actions/suspend")).await.empty(204);
    root.delete(&deleting.path("")).await.ok(202);

    let long = "x".repeat(20_000);
    let mut replies = Vec::new();
    for (account, username, password) in [
        ("acme", "ann", OTHER_PASSWORD),
        ("acme", "nobody", PASSWORD),
        ("nowhere", "ann", PASSWORD),
        ("nowhere", "nobody", PASSWORD),
        ("other", "ann", PASSWORD),
        ("suspended", "ann", PASSWORD),
        ("suspended", "ann", OTHER_PASSWORD),
        ("deleting", "ann", PASSWORD),
        ("acme", "invited", PASSWORD),
        ("acme", "disabled", PASSWORD),
        ("acme", "disabled", OTHER_PASSWORD),
        ("acme", "asked", OTHER_PASSWORD),
        ("platform", "ann", PASSWORD),
        ("platform", "root", OTHER_PASSWORD),
        ("", "", "x"),
        ("acme", "", PASSWORD),
        ("", "ann", PASSWORD),
        ("a\u{0}b", "ann", PASSWORD),
        ("acme", "a\u{0}b", PASSWORD),
        ("ac me", "ann", PASSWORD),
        ("acme", "ann\n", OTHER_PASSWORD),
        ("АСМЕ", "ann", PASSWORD),
        (&long, "ann", PASSWORD),
        ("acme", &long, PASSWORD),
        ("acme' OR '1'='1", "ann' --", PASSWORD),
        ("%", "%", "%"),
        ("acme", "ann", "\u{0}"),
    ] {
        let body = json!({ "account": account, "username": username, "password": password });
        let reply = app.call("POST", "/v1/login").json(&body).send().await;
        assert_eq!(reply.status, 401, "{account:.20} {username:.20}: {reply:?}");
        replies.push(reply);
    }
    for reply in &replies {
        assert_eq!(seen(reply), seen(&replies[0]));
    }
}
