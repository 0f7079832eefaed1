//! Old scripts sent `dry_run` with a job and believed that nothing would be done. No value of it starts a job; counting
//! is a separate operation.

use serde_json::{Value, json};

use super::{counts, crowd, order, preview, run};
use crate::support::TestApp;

/// Orders with `dry_run` in them start no job of this action, whatever its value and whoever is selected.
async fn never_starts(action: &str, more: Value) {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions", "account_settings"]).await;
    let ann = account.user_with("ann", &["account_settings"]).await;
    let draft = json!({ "name": "R", "permissions": [] });
    let role = by.post(&account.path("/roles"), draft).await.ok(201)["id"].clone();
    let mut job = json!({ "action": action });
    for (name, value) in more.as_object().unwrap() {
        job[name] = if name == "role_ids" { json!([role]) } else { value.clone() };
    }
    let before = account.look_at(&ann).await;
    let selections =
        [("users", json!([ann.id()])), ("filter", json!({ "q": "ann" })), ("filter", json!({ "all": true }))];
    let values = json!([true, false, null, "true", "false", "x", "", 0, 1, [], [true], {}, { "dry_run": true }]);
    for (selected, whom) in &selections {
        for value in values.as_array().unwrap() {
            let mut job = job.clone();
            job[selected] = whom.clone();
            job["dry_run"] = value.clone();
            for reply in [order(&by, &account, job.clone()).await, preview(&by, &account, job.clone()).await] {
                let problem = reply.problem(422, "validation_failed");
                assert_eq!(problem.errors(), [("/dry_run", "moved")], "{job}");
                assert!(problem["detail"].as_str().unwrap().contains("/users:bulk/preview"), "{problem:?}");
            }
        }
    }
    assert_eq!(account.look_at(&ann).await, before);
    assert_eq!(by.get(&account.path("/bulk-jobs")).await.ok(200)["items"], json!([]));

    // Without it the same body is a job, and can be counted.
    for (selected, whom) in selections {
        let mut job = job.clone();
        job[selected] = whom;
        assert_eq!(preview(&by, &account, job).await.ok(200)["action"], action);
    }
    assert_eq!(by.get(&account.path("/bulk-jobs")).await.ok(200)["items"], json!([]));
    assert_eq!(account.look_at(&ann).await, before);
    job["users"] = json!([ann.id()]);
    counts(&run(&by, &account, job).await, "finished");
}

/// A test for each action.
macro_rules! never_starts {
    ($($name:ident: $action:literal $(with $more:literal)?;)+) => {
        const TRIED: &[&str] = &[$($action),+];
        $(
        #[tokio::test]
        async fn $name() {
            never_starts($action, json!({ $($more: ["account_settings"])? })).await;
        }
    )+ };
}

never_starts! {
    with_dry_run_no_second_factor_is_reset: "reset_two_factor";
    with_dry_run_no_password_change_is_required: "require_password_change";
    with_dry_run_no_activation_code_is_made: "send_activation";
    with_dry_run_nobody_is_unlocked: "unlock";
    with_dry_run_nobody_is_disabled: "disable";
    with_dry_run_nobody_is_enabled: "enable";
    with_dry_run_no_session_is_revoked: "revoke_sessions";
    with_dry_run_nobody_is_deleted: "delete";
    with_dry_run_no_role_is_assigned: "assign_roles" with "role_ids";
    with_dry_run_no_role_is_removed: "remove_roles" with "role_ids";
    with_dry_run_no_permission_is_granted: "grant_permissions" with "permissions";
    with_dry_run_no_permission_is_revoked: "revoke_permissions" with "permissions";
}

#[tokio::test]
async fn every_action_of_the_document_is_tried_with_dry_run() {
    let app = TestApp::start().await;
    let document = app.call("GET", "/openapi.json").send().await.ok(200);
    assert_eq!(document["components"]["schemas"]["BulkActionName"]["enum"], json!(TRIED));
}

#[tokio::test]
async fn a_wish_to_count_is_not_passed_over_wherever_it_is_written() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let job = json!({ "action": "delete", "users": [ann.id()] });
    for query in ["?dry_run=true", "?dry_run", "?dry_run=false", "?preview=1"] {
        for path in ["/users:bulk", "/users:bulk/preview"] {
            by.post(&account.path(&format!("{path}{query}")), job.clone()).await.problem(400, "malformed_request");
        }
    }
    for name in ["dryRun", "dry-run", "DRY_RUN", "dryrun", "preview"] {
        let mut job = job.clone();
        job[name] = json!(true);
        order(&by, &account, job).await.problem(400, "malformed_request");
    }
    let mut within = json!({ "action": "delete", "filter": { "q": "ann", "dry_run": true } });
    order(&by, &account, within.clone()).await.problem(400, "malformed_request");
    // With other faults beside it.
    within["dry_run"] = json!(true);
    within["filter"] = json!({});
    order(&by, &account, within).await.problem(422, "validation_failed");
    assert_eq!(account.look_at(&ann).await["status"], "active");
    assert_eq!(by.get(&account.path("/bulk-jobs")).await.ok(200)["items"], json!([]));
}

#[tokio::test]
async fn a_preview_counts_and_leaves_nothing_behind() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let ids = crowd(&by, &account, 250).await;
    let users = json!({ "action": "delete", "users": [ids[0], ids[1], ids[0]] });
    assert_eq!(preview(&by, &account, users).await.ok(200), json!({ "action": "delete", "total": 2 }));
    let filter = json!({ "action": "delete", "filter": { "q": "user-" } });
    let reply = preview(&by, &account, filter.clone()).await;
    assert_eq!(reply.ok(200), json!({ "action": "delete", "total": 250 }));
    assert_eq!(reply.header("location"), "");
    // An idempotency key makes no difference, and is not used up.
    let path = account.path("/users:bulk");
    let session = by.session().await;
    for _ in 0..2 {
        let call = session.call("POST", &format!("{path}/preview")).header("idempotency-key", "k").json(&filter);
        assert_eq!(call.send().await.ok(200)["total"], 250);
    }
    assert_eq!(by.get(&account.path("/bulk-jobs")).await.ok(200)["items"], json!([]));
    assert_eq!(super::listed(&by, &account, "q=user-").await, 250);
    session.call("POST", &path).header("idempotency-key", "k").json(&filter).send().await.ok(202);
    app.call("GET", &format!("{path}/preview")).send().await.problem(405, "method_not_allowed");
}
