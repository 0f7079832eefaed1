//! Records attempts to get what a caller may not have.

use serde_json::{Value, json};

use super::{actions, events, events_of};
use crate::{
    jobs::bulk_jobs::{path as job_path, run},
    support::{Account, TestApp, User},
};

/// An attempt by somebody who holds `held`: refused with this status and code.
struct Attempt {
    held: &'static str,
    method: &'static str,
    path: String,
    pattern: &'static str,
    body: Value,
    refused: (u16, &'static str),
    lacking: &'static str,
}

/// All ways to get `audit_read` for somebody who does not hold it, and `platform_administration` in an account.
async fn attempts(account: &Account, root: &User) -> Vec<Attempt> {
    let auditor = account.user_with("auditor", &["audit_read"]).await;
    let role = json!({ "name": "Auditors", "permissions": ["audit_read"] });
    let role = root.post(&account.path("/roles"), role).await.ok(201)["id"].clone();
    let empty = json!({ "name": "Nobody", "permissions": [] });
    let empty = root.post(&account.path("/roles"), empty).await.ok(201)["id"].clone();
    let strong = account.program("strong", &["audit_read"]).await;
    let weak = account.program("weak", &[]).await;
    let ann = account.user("ann").await;
    let attempt = |method, path, pattern, body| Attempt {
        held: "user_permissions",
        method,
        path,
        pattern,
        body,
        refused: (403, "permission_required"),
        lacking: "audit_read",
    };
    let keys = |attempt: Attempt| Attempt { held: "api_keys", ..attempt };
    let user = |user: &User, below: &str| account.path(&format!("/users/{}{below}", user.id()));
    let path = |id: &Value| account.path(&format!("/roles/{}", id.as_str().unwrap()));
    let carrying = |name: &str| json!({ "name": name, "permissions": ["audit_read"] });
    let permissions = "/v1/accounts/{account_id}/users/{user_id}/permissions";
    vec![
        attempt("PUT", user(&ann, "/permissions"), permissions, json!({ "permissions": ["audit_read"] })),
        Attempt {
            refused: (422, "validation_failed"),
            lacking: "platform_administration",
            ..attempt(
                "PUT",
                user(&ann, "/permissions"),
                permissions,
                json!({ "permissions": ["platform_administration"] }),
            )
        },
        attempt(
            "PUT",
            user(&ann, "/roles"),
            "/v1/accounts/{account_id}/users/{user_id}/roles",
            json!({ "role_ids": [role] }),
        ),
        attempt("POST", account.path("/roles"), "/v1/accounts/{account_id}/roles", carrying("Mine")),
        attempt("PUT", path(&empty), "/v1/accounts/{account_id}/roles/{role_id}", carrying("Nobody")),
        attempt(
            "POST",
            account.path("/users"),
            "/v1/accounts/{account_id}/users",
            json!({ "username": "bob", "permissions": ["audit_read"] }),
        ),
        attempt(
            "POST",
            user(&auditor, "/actions/send-activation"),
            "/v1/accounts/{account_id}/users/{user_id}/actions/send-activation",
            Value::Null,
        ),
        attempt(
            "POST",
            account.path("/users:bulk"),
            "/v1/accounts/{account_id}/users:bulk",
            json!({ "action": "grant_permissions", "permissions": ["audit_read"], "users": [ann.id()] }),
        ),
        attempt(
            "POST",
            account.path("/users:bulk/preview"),
            "/v1/accounts/{account_id}/users:bulk/preview",
            json!({ "action": "assign_roles", "role_ids": [role], "users": [ann.id()] }),
        ),
        keys(attempt("POST", account.path("/api-keys"), "/v1/accounts/{account_id}/api-keys", carrying("Mine"))),
        keys(attempt("PUT", weak.path(""), "/v1/accounts/{account_id}/api-keys/{key_id}", carrying("weak"))),
        keys(attempt("POST", strong.path("/rotate"), "/v1/accounts/{account_id}/api-keys/{key_id}/rotate", json!({}))),
    ]
}

#[tokio::test]
async fn each_attempt_to_get_what_one_may_not_have_leaves_one_event_and_nothing_else() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let attempts = attempts(&account, &root).await;
    for (number, attempt) in attempts.iter().enumerate() {
        let Attempt { held, method, path, pattern, body, refused: (status, code), lacking } = attempt;
        let name = format!("attempt-{number}");
        let session = account.user_with(&name, &[held]).await.sign_in().await;
        let left = events_of(&app, &account, async {
            let call = session.call(method, path);
            let call = if body.is_null() { call } else { call.json(body) };
            call.send().await.problem(*status, code);
        })
        .await;
        assert_eq!(actions(&left), ["access.denied"], "{method} {path}");
        let event = &left[0];
        assert_eq!((&event["outcome"], &event["actor"]["name"]), (&json!("denied"), &json!(name)), "{event}");
        let details = json!({ "operation": format!("{method} {pattern}"), "permission": lacking, "refusals": 1 });
        assert_eq!(event["details"], details);
        assert_eq!(event["source"]["address"], "127.0.0.1", "{event}");
    }
}

#[tokio::test]
async fn refusals_before_and_within_an_operation_are_counted_together_and_told_once_each() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.user_with("admin", &["user_permissions"]).await;
    let session = admin.sign_in().await;
    let own = account.path(&format!("/users/{}/permissions", admin.id()));
    let left = events_of(&app, &account, async {
        for _ in 0..10 {
            session.get(&account.path("/audit-events")).await.problem(403, "permission_required");
            let wanted = json!({ "permissions": ["user_permissions", "audit_read"] });
            let reply = session.call("PUT", &own).json(&wanted).send().await;
            assert_eq!(reply.problem(403, "permission_required")["permission"], "audit_read");
        }
    })
    .await;
    assert_eq!(actions(&left), ["access.denied"; 5]);
    let told: Vec<_> = left.iter().map(|event| event["details"]["refusals"].as_u64().unwrap()).collect();
    assert_eq!(told, [1, 2, 4, 8, 16]);
    assert_eq!(left[0]["details"]["operation"], "GET /v1/accounts/{account_id}/audit-events");
    assert_eq!(left[1]["details"]["operation"], "PUT /v1/accounts/{account_id}/users/{user_id}/permissions");
}

#[tokio::test]
async fn what_is_asked_of_the_platform_is_told_in_one_s_own_account() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let session = account.user_with("admin", &["user_permissions"]).await.sign_in().await;
    let before = events(&app, &other).await.len();
    let left = events_of(&app, &account, async {
        let path = format!("/v1/accounts/{}/actions/suspend", other.id);
        session.call("POST", &path).send().await.problem(403, "permission_required");
    })
    .await;
    assert_eq!(actions(&left), ["access.denied"]);
    assert_eq!(events(&app, &other).await.len(), before);
}

#[tokio::test]
async fn a_job_tells_how_many_users_it_was_refused() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let auditor = account.user_with("auditor", &["audit_read"]).await;
    let (ann, gone) = (account.user("ann").await, account.user("gone").await);
    let users = json!([auditor.id(), ann.id(), admin.id(), gone.id()]);
    let left = events_of(&app, &account, async {
        let job = run(&admin, &account, json!({ "action": "send_activation", "users": users })).await;
        let failed = admin.get(&format!("{}/outcomes?outcome=failed", job_path(&account, &job))).await.ok(200);
        assert_eq!(failed["items"].as_array().unwrap().len(), 1, "{failed}");
    })
    .await;
    let ended = left.iter().find(|event| event["action"] == "bulk_job.finished").unwrap();
    assert_eq!((&ended["details"]["failed"], &ended["details"]["refused"]), (&json!(1), &json!(1)), "{ended}");
    // One that fails for another reason was not refused.
    let left = events_of(&app, &account, async {
        run(&admin, &account, json!({ "action": "disable", "users": [admin.id()] })).await;
    })
    .await;
    let ended = left.iter().find(|event| event["action"] == "bulk_job.finished").unwrap();
    assert_eq!((&ended["details"]["failed"], &ended["details"]["refused"]), (&json!(1), &json!(0)), "{ended}");
}
