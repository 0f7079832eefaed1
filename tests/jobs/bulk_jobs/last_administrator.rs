//! However many permissions are revoked at once, one administrator stays.

use serde_json::json;

use super::{counts, outcomes, run};
use crate::support::TestApp;

#[tokio::test]
async fn everybody_is_disabled_but_whoever_orders_it_and_is_the_last() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    for number in 0..3 {
        account.user_with(&format!("another {number}"), &["user_permissions"]).await;
    }
    account.user("ann").await;
    for action in ["disable", "delete"] {
        let done = run(&by, &account, json!({ "action": action, "filter": { "all": true } })).await;
        let became = outcomes(&by, &account, &done).await;
        assert_eq!(became[by.username()], "failed conflict", "{action}");
        assert_eq!(counts(&done, "finished"), (4, 0, 1, 0), "{action}");
        assert!(became.iter().all(|(name, what)| name == by.username() || what == "succeeded"), "{became:?}");
        by.session().await.me().await.ok(200);
    }
}

#[tokio::test]
async fn whoever_orders_it_comes_last_and_is_disabled_when_another_stays() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let other = account.user_with("another", &["user_permissions"]).await;
    let users: Vec<_> = super::crowd(&by, &account, 120).await;
    let users: Vec<_> = users.iter().map(String::as_str).chain([by.id()]).collect();
    let job = super::order(&by, &account, json!({ "action": "disable", "users": users })).await.ok(202);
    let done = super::ended(&other, &account, &job).await;
    assert_eq!(counts(&done, "finished"), (121, 0, 0, 0));
    by.login().await.problem(401, "invalid_credentials");
}

#[tokio::test]
async fn of_an_account_that_a_program_empties_one_administrator_stays() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let program = account.program("administrator", &["user_permissions"]).await;
    for number in 0..5 {
        account.user_with(&format!("administrator {number}"), &["user_permissions"]).await;
    }
    account.user("ann").await;
    for (action, rest, expected) in [
        ("disable", json!({}), (5, 0, 1, 0)),
        ("enable", json!({}), (5, 1, 0, 0)),
        ("revoke_permissions", json!(["user_permissions"]), (4, 1, 1, 0)),
        ("delete", json!({}), (5, 0, 1, 0)),
    ] {
        let mut job = json!({ "action": action, "filter": { "all": true } });
        if rest.is_array() {
            job["permissions"] = rest;
        }
        let job = program.post(&account.path("/users:bulk"), job).await.ok(202);
        let done = super::ended(&root, &account, &job).await;
        assert_eq!(counts(&done, "finished"), expected, "{action}");
        let failed: Vec<_> =
            outcomes(&root, &account, &done).await.into_values().filter(|what| what.starts_with("failed")).collect();
        assert!(failed.iter().all(|what| what == "failed conflict"), "{action}: {failed:?}");
    }
}
