//! A blank filter is rejected: selecting everyone must be explicit.

use serde_json::{Value, json};

use super::{counts, order, preview, run};
use crate::support::TestApp;

/// Filters, and the place that the refusal names.
fn filters_that_say_nothing(role: &Value) -> Vec<(Value, &'static str)> {
    vec![
        (json!({}), "/filter"),
        (json!({ "q": "" }), "/filter/q"),
        (json!({ "q": " " }), "/filter/q"),
        (json!({ "q": "\t\r\n " }), "/filter/q"),
        (json!({ "q": "\u{a0}\u{2003}\u{3000}" }), "/filter/q"),
        (json!({ "q": "\u{2028}" }), "/filter/q"),
        (json!({ "q": "\u{200b}" }), "/filter/q"),
        (json!({ "q": " \u{200b}\u{200d}\u{2060} " }), "/filter/q"),
        (json!({ "q": "\u{feff}" }), "/filter/q"),
        (json!({ "q": "\u{ad}" }), "/filter/q"),
        (json!({ "q": "\u{fe0f}" }), "/filter/q"),
        (json!({ "q": "\u{3164}" }), "/filter/q"),
        (json!({ "q": "\u{ffa0}" }), "/filter/q"),
        (json!({ "q": "\u{2800}" }), "/filter/q"),
        (json!({ "q": "\u{e0020}" }), "/filter/q"),
        (json!({ "q": "\0" }), "/filter/q"),
        // Nor does another member make up for it: it was to find fewer.
        (json!({ "q": "", "status": "active" }), "/filter/q"),
        (json!({ "q": " ", "locked": false }), "/filter/q"),
        (json!({ "q": "\u{200b}", "role": role }), "/filter/q"),
        (json!({ "q": null }), "/filter/q"),
        (json!({ "status": null }), "/filter/status"),
        (json!({ "two_factor": null }), "/filter/two_factor"),
        (json!({ "password": null }), "/filter/password"),
        (json!({ "expiring_within_days": null }), "/filter/expiring_within_days"),
        (json!({ "locked": null }), "/filter/locked"),
        (json!({ "permission": null }), "/filter/permission"),
        (json!({ "role": null }), "/filter/role"),
        (json!({ "all": null }), "/filter/all"),
        (json!({ "role": null, "status": "active" }), "/filter/role"),
        (json!({ "status": "active", "q": null }), "/filter/q"),
        (json!({ "status": "" }), "/filter/status"),
        (json!({ "two_factor": "" }), "/filter/two_factor"),
        (json!({ "password": "" }), "/filter/password"),
        (json!({ "permission": "" }), "/filter/permission"),
        (json!({ "permission": " " }), "/filter/permission"),
        (json!({ "role": "" }), "/filter/role"),
        (json!({ "locked": "" }), "/filter/locked"),
        (json!({ "q": [] }), "/filter/q"),
        (json!({ "q": {} }), "/filter/q"),
        (json!({ "status": [] }), "/filter/status"),
        (json!({ "expiring_within_days": 30 }), "/filter/expiring_within_days"),
        (json!({ "all": false }), "/filter/all"),
        (json!({ "all": "true" }), "/filter/all"),
        (json!({ "all": "" }), "/filter/all"),
        (json!({ "all": 1 }), "/filter/all"),
        (json!({ "all": {} }), "/filter/all"),
        (json!({ "all": false, "q": "ann" }), "/filter/all"),
        (json!({ "all": true, "q": "ann" }), "/filter/all"),
        (json!({ "all": true, "q": "" }), "/filter/all"),
        (json!({ "all": true, "q": null }), "/filter/q"),
        (json!({ "all": true, "status": "active" }), "/filter/all"),
        (json!({ "all": true, "two_factor": "enrolled" }), "/filter/all"),
        (json!({ "all": true, "password": "valid" }), "/filter/all"),
        (json!({ "all": true, "expiring_within_days": 3 }), "/filter/all"),
        (json!({ "all": true, "locked": false }), "/filter/all"),
        (json!({ "all": true, "permission": "account_settings" }), "/filter/all"),
        (json!({ "all": true, "role": role }), "/filter/all"),
        (json!([]), "/filter"),
        (json!([{}]), "/filter"),
        (json!([true]), "/filter"),
        (json!([true, null, null, null, null, null, null, null, null]), "/filter"),
        (json!([null, "ann"]), "/filter"),
        (json!("all"), "/filter"),
        (json!(""), "/filter"),
        (json!(true), "/filter"),
        (Value::Null, "/users"),
    ]
}

#[tokio::test]
async fn a_filter_that_says_nothing_acts_upon_nobody() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let role = by.post(&account.path("/roles"), json!({ "name": "R", "permissions": [] })).await.ok(201)["id"].clone();
    for (filter, pointer) in filters_that_say_nothing(&role) {
        for action in ["delete", "disable"] {
            let job = json!({ "action": action, "filter": filter });
            for reply in [order(&by, &account, job.clone()).await, preview(&by, &account, job).await] {
                let problem = reply.problem(422, "validation_failed");
                let pointers: Vec<_> = problem.errors().iter().map(|(pointer, _)| (*pointer).to_owned()).collect();
                assert_eq!(pointers, [pointer], "{filter}");
            }
        }
    }
    for job in [
        json!({ "action": "delete" }),
        json!({ "action": "delete", "users": null }),
        json!({ "action": "delete", "users": null, "filter": null }),
        json!({ "action": "delete", "users": [] }),
        json!({ "action": "delete", "users": [], "filter": {} }),
        json!({ "action": "delete", "users": [], "filter": { "all": true } }),
        json!({ "action": "delete", "users": [""] }),
        json!({ "action": "delete", "users": [null] }),
        json!({ "action": "delete", "users": [ann.id()], "filter": { "all": true } }),
        json!({ "action": "delete", "users": [ann.id()], "filter": {} }),
        json!({ "action": "remove_roles", "role_ids": [], "filter": { "all": true } }),
        json!({ "action": "remove_roles", "role_ids": null, "filter": { "all": true } }),
        json!({ "action": "remove_roles", "filter": { "all": true } }),
        json!({ "action": "revoke_permissions", "permissions": [], "filter": { "all": true } }),
        json!({ "action": "revoke_permissions", "permissions": [""], "filter": { "all": true } }),
        json!({ "action": "revoke_permissions", "permissions": ["*"], "filter": { "all": true } }),
        json!({ "action": "revoke_permissions", "filter": { "all": true } }),
    ] {
        for reply in [order(&by, &account, job.clone()).await, preview(&by, &account, job.clone()).await] {
            reply.problem(422, "validation_failed");
        }
    }
    for unknown in [json!({ "All": true }), json!({ "everybody": true }), json!({ "": "" })] {
        let job = json!({ "action": "delete", "filter": unknown });
        order(&by, &account, job).await.problem(400, "malformed_request");
    }
    assert_eq!(account.look_at(&ann).await["status"], "active");
    assert_eq!(by.get(&account.path("/bulk-jobs")).await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn who_means_everybody_says_all() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    account.user("ann").await;
    account.invited(json!({ "username": "bob" })).await;
    let job = json!({ "action": "require_password_change", "filter": { "all": true } });
    assert_eq!(preview(&by, &account, job.clone()).await.ok(200)["total"], 3);
    let done = run(&by, &account, job).await;
    assert_eq!(done["filter"], json!({ "all": true }));
    let (succeeded, unchanged, failed, skipped) = counts(&done, "finished");
    assert_eq!((succeeded + unchanged + failed, skipped), (3, 0));
}

#[tokio::test]
async fn the_problem_says_how_to_mean_everybody() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let problem =
        order(&by, &account, json!({ "action": "unlock", "filter": {} })).await.problem(422, "validation_failed");
    assert_eq!(problem.errors(), [("/filter", "blank")]);
    assert!(problem["detail"].as_str().unwrap().contains("{\"all\": true}"), "{problem:?}");
}

#[tokio::test]
async fn a_list_may_mean_everybody() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    account.user("ann").await;
    for query in ["", "?q=", "?q=%20"] {
        let page = by.get(&account.path(&format!("/users{query}"))).await.ok(200);
        assert_eq!(page["items"].as_array().unwrap().len(), 2, "{query}");
    }
    // What the list takes for nothing else.
    for query in ["?status=", "?two_factor=", "?permission=", "?role=", "?locked=", "?all=true"] {
        by.get(&account.path(&format!("/users{query}"))).await.problem(400, "malformed_request");
    }
}
