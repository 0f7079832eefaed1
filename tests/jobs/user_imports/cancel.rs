//! Cancels an import.

use super::{NDJSON, STUCK, finished, import, numbered, path_of, refuse_user, send, users, wait_for};
use crate::support::TestApp;

#[tokio::test]
async fn a_cancelled_import_keeps_what_was_done_and_forgets_what_waits() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    refuse_user(&app, "stuck", STUCK);
    let file = format!("{}{{\"username\":\"stuck\"}}\n{}", numbered("user", 0..500), numbered("more", 0..500));
    let begun = send(&by, &account, NDJSON, file).await.ok(202);
    wait_for(&app, "SELECT CAST(imported AS text) FROM user_imports", &["500"]);
    let path = path_of(&account, &begun);
    let cancel = format!("{path}/actions/cancel");
    by.act(&cancel).await.empty(204);

    let cancelled = by.get(&path).await.ok(200);
    assert_eq!((&cancelled["status"], &cancelled["imported"]), (&"cancelled".into(), &500.into()), "{cancelled}");
    assert!(cancelled["failure"].is_null() && cancelled["finished_at"].is_string(), "{cancelled}");
    assert_eq!(users(&by, &account).await.len(), 500);
    for table in ["user_import_batches", "user_import_queue"] {
        let left = format!("SELECT 'something' FROM {table}");
        assert_eq!(app.look_into_database(&left), [""; 0], "{table}");
    }
    // Again: nothing changes.
    by.act(&cancel).await.empty(204);
    assert_eq!(by.get(&path).await.ok(200), cancelled);
    // The account goes on.
    assert_eq!(import(&by, &account, NDJSON, "{\"username\":\"ann\"}").await["imported"], 1);
}

#[tokio::test]
async fn what_has_ended_cannot_be_cancelled() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let done = import(&by, &account, NDJSON, "{\"username\":\"ann\"}").await;
    let path = path_of(&account, &done);
    by.act(&format!("{path}/actions/cancel")).await.problem(409, "conflict");
    assert_eq!(by.get(&path).await.ok(200), done);
    let unknown = account.path("/user-imports/01997f61-2b7c-7d10-8a5e-90c1f2b3d4e5/actions/cancel");
    by.act(&unknown).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_cancellation_that_meets_the_work_leaves_nothing_half_done() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let (by, helper) = (account.admin(&["user_permissions"]).await, account.admin(&["user_permissions"]).await);
    helper.session().await;
    app.pause_workers().await;
    for run in 0..5 {
        let begun = send(&by, &account, NDJSON, numbered(&format!("run-{run}"), 0..3_000)).await.ok(202);
        let cancel = format!("{}/actions/cancel", path_of(&account, &begun));
        // Two turns at most: whichever comes first, a thousand users are left to cancel.
        let services = [app.service(), app.service()];
        let (one, other, first, second) = tokio::join!(
            by.act(&cancel),
            helper.act(&cancel),
            services[0].take_import_turn(),
            services[1].take_import_turn()
        );
        one.empty(204);
        other.empty(204);
        assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
        let ended = finished(&by, &account, &begun).await;
        assert_eq!(ended["status"], "cancelled", "{ended}");
        let kept = format!("SELECT CAST(count(*) AS text) FROM users WHERE username LIKE 'run-{run}-%'");
        assert_eq!(app.look_into_database(&kept), [ended["imported"].to_string()]);
    }
    assert_eq!(app.look_into_database("SELECT 'a batch' FROM user_import_batches"), [""; 0]);
}
