//! An event exists if and only if its change does.

use serde_json::json;

use super::{actions, events, events_of};
use crate::support::{TestApp, in_parallel};

#[tokio::test]
async fn what_is_refused_leaves_no_event_of_a_change() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let ann = account.user_with("ann", &["user_permissions"]).await;
    let user = account.path(&format!("/users/{}", ann.id()));
    let program = account.program("administrator", &["user_permissions"]).await;
    let left = events_of(&app, &account, async {
        root.post(&account.path("/users"), json!({ "username": "ANN" })).await.problem(409, "conflict");
        let stale = root.session().await.call("PATCH", &user).header("if-match", "\"v999\"");
        stale.json(&json!({ "display_name": "Ann" })).send().await.problem(412, "precondition_failed");
        // The last administrator: undone after it was tried.
        program.delete(&user).await.problem(409, "conflict");
        program.call("POST", &format!("{user}/actions/disable")).send().await.problem(409, "conflict");
        let nothing = json!({ "permissions": [] });
        program.put(&format!("{user}/permissions"), nothing).await.problem(409, "conflict");
    });
    assert_eq!(actions(&left.await), [""; 0]);
}

#[tokio::test]
async fn a_change_whose_event_cannot_be_written_is_not_made() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let last = events(&app, &account).await.len();
    // The place of the next event is taken: writing it fails, whatever the change was.
    let next = last + 1;
    let columns = "occurred_at, actor_kind, action, outcome, details, hash";
    app.tamper_with_database(&format!(
        "INSERT INTO audit_events (account_id, sequence, {columns}) SELECT account_id, {next}, {columns} FROM audit_events
         WHERE account_id = (SELECT id FROM accounts WHERE slug = 'acme') AND sequence = 1"
    ));
    let create = root.session().await.call("POST", &account.path("/users")).json(&json!({ "username": "ann" }));
    assert_eq!(create.send_into_fault().await, 500);
    let users = root.get(&account.path("/users")).await.ok(200);
    assert_eq!(users["items"], json!([]));
}

#[tokio::test]
async fn of_many_who_do_the_same_at_once_one_event_is_left_for_the_one_change() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = app.platform_admin().await.session().await;
    let path = account.path(&format!("/users/{}/actions/disable", ann.id()));
    let left = events_of(&app, &account, async {
        let replies = in_parallel(20, |_| session.call("POST", &path).send()).await;
        assert!(replies.iter().all(|reply| reply.status == 204));
    });
    assert_eq!(actions(&left.await), ["user.disabled"]);
}

#[tokio::test]
async fn of_a_code_that_is_used_many_times_at_once_one_session_is_told() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    let ann = account.user("ann").await;
    ann.sign_in().await;
    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp");
    let code = ann.phone().code();
    let left = events_of(&app, &account, in_parallel(20, |_| login.code(&code))).await;
    assert_eq!(actions(&left).iter().filter(|action| **action == "session.started").count(), 1, "{left:?}");
}
