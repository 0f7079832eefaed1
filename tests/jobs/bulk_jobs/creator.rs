//! A job does nothing that its creator may no longer do.

use serde_json::json;

use super::{counts, crowd, ended, listed, order};
use crate::support::{Account, Reply, TestApp, User};

/// Begins a long job and does this to whoever ordered it, who is an administrator of the account.
async fn interrupted(
    app: &mut TestApp,
    account: &Account,
    by: &User,
    interrupt: impl AsyncFn() -> Reply,
) -> (u64, String) {
    let watcher = app.platform_admin().await;
    crowd(&watcher, account, 2_000).await;
    app.pause_workers().await;
    let job = order(by, account, json!({ "action": "disable", "filter": { "q": "user-" } })).await.ok(202);
    app.take_bulk_job_turn().await;
    let reply = interrupt().await;
    assert!((200..300).contains(&reply.status), "{reply:?}");
    app.resume_workers().await;
    let failed = ended(&watcher, account, &job).await;
    let (succeeded, _, _, skipped) = counts(&failed, "failed");
    assert!(succeeded > 0 && skipped > 0, "{failed}");
    assert_eq!(listed(&watcher, account, "status=disabled&q=user-").await, succeeded);
    assert_eq!(failed["created_by"]["name"], by.username());
    (succeeded, failed["failure"].as_str().unwrap().to_owned())
}

async fn story() -> (TestApp, Account, User) {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.user_with("another administrator", &["user_permissions"]).await;
    let by = account.admin(&["user_permissions"]).await;
    (app, account, by)
}

#[tokio::test]
async fn who_is_disabled_in_the_middle_does_no_more() {
    let (mut app, account, by) = story().await;
    let (_, why) = interrupted(&mut app, &account, &by, async || account.act_on(&by, "disable").await).await;
    assert_eq!(why, "the user who started it was deleted or disabled");
}

#[tokio::test]
async fn who_is_deleted_in_the_middle_does_no_more() {
    let (mut app, account, by) = story().await;
    let path = account.path(&format!("/users/{}", by.id()));
    let root = app.platform_admin().await;
    let (_, why) = interrupted(&mut app, &account, &by, async || root.delete(&path).await).await;
    assert_eq!(why, "the user who started it was deleted or disabled");
}

#[tokio::test]
async fn who_loses_the_permission_in_the_middle_does_no_more() {
    let (mut app, account, by) = story().await;
    let path = account.path(&format!("/users/{}/permissions", by.id()));
    let root = app.platform_admin().await;
    let strip = async || root.put(&path, json!({ "permissions": ["account_settings"] })).await;
    let (_, why) = interrupted(&mut app, &account, &by, strip).await;
    assert_eq!(why, "the user who started it no longer holds user_permissions");
}

#[tokio::test]
async fn a_role_that_is_deleted_in_the_meantime_is_not_assigned() {
    let (mut app, account, by) = story().await;
    let watcher = app.platform_admin().await;
    app.pause_workers().await;
    let role = by.post(&account.path("/roles"), json!({ "name": "R", "permissions": [] })).await.ok(201)["id"].clone();
    let order =
        order(&by, &account, json!({ "action": "assign_roles", "role_ids": [role], "filter": { "all": true } })).await;
    by.delete(&account.path(&format!("/roles/{}", role.as_str().unwrap()))).await.empty(204);
    app.resume_workers().await;
    let failed = ended(&watcher, &account, &order.ok(202)).await;
    assert_eq!(failed["failure"], "a role that it assigns has been deleted");
}

mod slow {
    use serde_json::json;

    use super::super::{counts, crowd, ended, order};
    use super::story;

    #[tokio::test]
    async fn the_end_of_the_session_does_not_stop_the_job() {
        let (mut app, account, by) = story().await;
        let watcher = app.platform_admin().await;
        crowd(&watcher, &account, 2_000).await;
        app.pause_workers().await;
        let job = order(&by, &account, json!({ "action": "disable", "filter": { "q": "user-" } })).await.ok(202);
        app.take_bulk_job_turn().await;
        by.session().await.logout().await.empty(204);
        app.resume_workers().await;
        assert_eq!(counts(&ended(&watcher, &account, &job).await, "finished"), (2_000, 0, 0, 0));
    }
}
