//! Jobs need `user_permissions`, and starting one needs a recent sign-in.

use chrono::TimeDelta;
use serde_json::json;

use super::run;
use crate::support::{Call, Reply, TestApp};

#[tokio::test]
async fn only_who_holds_user_permissions_orders_reads_and_stops_jobs() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let by = account.admin(&["user_permissions"]).await;
    let job = run(&by, &account, json!({ "action": "unlock", "filter": { "all": true } })).await;
    let unfit = account.admin(&["account_settings", "password_management"]).await.session().await;
    let stranger = other.admin(&["user_permissions"]).await.session().await;
    let of_job = |below: &str| format!("/bulk-jobs/{}{below}", job["id"].as_str().unwrap());
    for (method, path) in [
        ("POST", "/users:bulk".to_owned()),
        ("POST", "/users:bulk/preview".to_owned()),
        ("GET", "/bulk-jobs".to_owned()),
        ("GET", of_job("")),
        ("GET", of_job("/outcomes")),
        ("POST", of_job("/actions/cancel")),
        ("POST", of_job("/actions/take-activations")),
    ] {
        let path = account.path(&path);
        let ask = async |call: Call| -> Reply {
            let order = json!({ "action": "unlock", "filter": { "all": true } });
            if path.contains("/users:bulk") { call.json(&order).send().await } else { call.send().await }
        };
        ask(app.call(method, &path)).await.problem(401, "invalid_token");
        ask(stranger.call(method, &path)).await.problem(404, "not_found");
        let problem = ask(unfit.call(method, &path)).await.problem(403, "permission_required");
        assert_eq!(problem["permission"], "user_permissions");
        let reply = ask(by.session().await.call(method, &path)).await;
        assert!((200..300).contains(&reply.status), "{reply:?}");
    }
}

#[tokio::test]
async fn an_order_asks_for_a_recent_proof_and_the_rest_does_not() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let job = run(&by, &account, json!({ "action": "unlock", "filter": { "all": true } })).await;
    let session = by.session().await;
    app.wait(TimeDelta::minutes(16));
    let old = session.refresh().await.session();
    let order = json!({ "action": "unlock", "filter": { "all": true } });
    old.post(&account.path("/users:bulk"), order.clone()).await.problem(401, "reauthentication_required");
    old.post(&account.path("/users:bulk/preview"), order).await.ok(200);
    old.get(&super::path(&account, &job)).await.ok(200);
    old.call("POST", &format!("{}/actions/cancel", super::path(&account, &job))).send().await.ok(200);
}
