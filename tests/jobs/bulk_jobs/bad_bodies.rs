//! Invalid jobs are rejected, and nothing is done.

use serde_json::{Value, json};

use super::{order, preview};
use crate::support::{Problem, TestApp};

fn errors(problem: &Problem) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| [text(&error["pointer"]), text(&error["code"])].join(" ")).collect()
}

#[tokio::test]
async fn a_body_that_is_no_job_is_refused_by_name() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let role = by.post(&account.path("/roles"), json!({ "name": "R", "permissions": [] })).await.ok(201)["id"].clone();
    let users = json!([ann.id()]);
    for (body, expected) in [
        (json!({ "action": "disable", "users": users, "filter": { "all": true } }), "/filter not_both"),
        (json!({ "action": "disable" }), "/users required"),
        (json!({ "users": users }), "/action required"),
        (json!({ "action": "reset", "users": users }), "/action "),
        (json!({ "action": "disable", "users": [] }), "/users "),
        (json!({ "action": "disable", "users": ["ann"] }), "/users/0 "),
        (json!({ "action": "disable", "users": "all" }), "/users "),
        (json!({ "action": "disable", "users": vec![ann.id(); 10_001] }), "/users "),
        (json!({ "action": "disable", "filter": { "status": "asleep" } }), "/filter/status "),
        (json!({ "action": "disable", "filter": { "permission": "no such thing" } }), "/filter/permission invalid"),
        (json!({ "action": "disable", "filter": { "q": "a".repeat(101) } }), "/filter/q invalid"),
        (json!({ "action": "disable", "filter": { "role": "x" } }), "/filter/role "),
        (json!({ "action": "disable", "filter": { "locked": "yes" } }), "/filter/locked "),
        (json!({ "action": "disable", "filter": [] }), "/filter "),
        (json!({ "action": "disable", "users": users, "role_ids": [role] }), "/role_ids unexpected"),
        (
            json!({ "action": "assign_roles", "users": users, "permissions": ["account_settings"] }),
            "/permissions unexpected",
        ),
        (json!({ "action": "assign_roles", "users": users }), "/role_ids required"),
        (json!({ "action": "assign_roles", "users": users, "role_ids": [] }), "/role_ids "),
        (json!({ "action": "assign_roles", "users": users, "role_ids": [role, ann.id()] }), "/role_ids/1 unknown_role"),
        (json!({ "action": "grant_permissions", "users": users }), "/permissions required"),
        (
            json!({ "action": "grant_permissions", "users": users, "permissions": ["*"] }),
            "/permissions/0 unknown_permission",
        ),
        (
            json!({ "action": "grant_permissions", "users": users, "permissions": ["crm.nobody.registered"] }),
            "/permissions unknown_permission",
        ),
    ] {
        for reply in [order(&by, &account, body.clone()).await, preview(&by, &account, body.clone()).await] {
            let errors = errors(&reply.problem(422, "validation_failed"));
            assert!(errors.len() == 1 && errors[0].starts_with(expected), "{body}: {errors:?}");
        }
    }
    for body in [
        json!({ "action": "disable", "user": users }),
        json!({ "action": "disable", "filter": { "state": "active" } }),
        json!({ "action": "disable", "filter": { "sort": "username" } }),
        json!({ "action": "disable", "filter": { "limit": 5 } }),
    ] {
        for reply in [order(&by, &account, body.clone()).await, preview(&by, &account, body).await] {
            let refused = reply.problem(400, "malformed_request");
            assert!(refused["detail"].as_str().unwrap().contains("unknown key"), "{refused:?}");
        }
    }
    assert_eq!(account.look_at(&ann).await["status"], "active");
    assert_eq!(by.get(&account.path("/bulk-jobs")).await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn users_of_nobody_and_of_other_accounts_are_refused_by_their_place() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let by = account.admin(&["user_permissions"]).await;
    let (ann, stranger) = (account.user("ann").await, other.user("eve").await);
    let nobody = "01997f60-11d2-7a3b-8f04-6d2c9be0a7c4";
    let users = json!([ann.id(), stranger.id(), ann.id(), nobody]);
    let body = json!({ "action": "disable", "users": users });
    for reply in [order(&by, &account, body.clone()).await, preview(&by, &account, body).await] {
        let refused = reply.problem(422, "validation_failed");
        assert_eq!(errors(&refused), ["/users/1 unknown_user", "/users/3 unknown_user"]);
    }
    assert_eq!(account.look_at(&ann).await["status"], "active");
    assert_eq!(other.look_at(&stranger).await["status"], "active");
}

#[tokio::test]
async fn a_user_who_is_listed_twice_is_done_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let done = super::run(&by, &account, json!({ "action": "disable", "users": [ann.id(), ann.id()] })).await;
    assert_eq!(super::counts(&done, "finished"), (1, 0, 0, 0));
}

#[tokio::test]
async fn parameters_of_the_lists_are_checked() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let job = super::run(&by, &account, json!({ "action": "unlock", "filter": { "all": true } })).await;
    let outcomes = format!("{}/outcomes", super::path(&account, &job));
    for bad in ["?outcome=done", "?limit=0", "?cursor=!", "?cursor=eA", "?user=x"] {
        by.get(&format!("{outcomes}{bad}")).await.problem(400, "malformed_request");
    }
    for bad in ["?limit=101", "?cursor=eA", "?status=running"] {
        by.get(&account.path(&format!("/bulk-jobs{bad}"))).await.problem(400, "malformed_request");
    }
    for missing in ["", "/outcomes"] {
        let path = account.path(&format!("/bulk-jobs/01997f60-11d2-7a3b-8f04-6d2c9be0a7c4{missing}"));
        by.get(&path).await.problem(404, "not_found");
    }
}
