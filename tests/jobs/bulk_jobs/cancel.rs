//! Cancels a job, which then does no more.

use serde_json::json;

use super::{counts, crowd, ended, listed, number, order, path};
use crate::support::TestApp;

#[tokio::test]
async fn one_that_waits_behind_another_is_never_begun() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let ids = crowd(&by, &account, 50).await;
    // While the account is suspended its jobs wait, however busy the machine is.
    let root = app.platform_admin().await;
    root.act(&account.path("/actions/suspend")).await.empty(204);
    let first =
        order(&root, &account, json!({ "action": "require_password_change", "filter": { "all": true } })).await.ok(202);
    let second = order(&root, &account, json!({ "action": "disable", "users": [ids[0], ids[1]] })).await.ok(202);
    let stopped = root.act(&format!("{}/actions/cancel", path(&account, &second))).await.ok(200);
    root.act(&account.path("/actions/resume")).await.empty(204);
    assert_eq!((&stopped["status"], &stopped["started_at"]), (&json!("cancelled"), &json!(null)));
    assert_eq!((number(&stopped, "skipped"), number(&stopped, "done")), (2, 0));
    counts(&ended(&by, &account, &first).await, "finished");
    assert_eq!(listed(&by, &account, "status=disabled").await, 0);
}

#[tokio::test]
async fn one_that_has_ended_stays_as_it_is() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let done = super::run(&by, &account, json!({ "action": "unlock", "filter": { "all": true } })).await;
    assert_eq!(by.act(&format!("{}/actions/cancel", path(&account, &done))).await.ok(200), done);
    let nothing = account.path("/bulk-jobs/01997f60-11d2-7a3b-8f04-6d2c9be0a7c4/actions/cancel");
    by.act(&nothing).await.problem(404, "not_found");
}

mod slow {
    use serde_json::json;

    use super::super::{counts, crowd, listed, order, path};
    use crate::support::{TestApp, all_pages};

    #[tokio::test]
    async fn what_was_done_stays_and_the_rest_is_skipped() {
        let mut app = TestApp::start().await;
        let account = app.account("acme").await;
        let by = account.admin(&["user_permissions"]).await;
        crowd(&by, &account, 2_000).await;
        app.pause_workers().await;
        let job = order(&by, &account, json!({ "action": "disable", "filter": { "q": "user-" } })).await.ok(202);
        app.take_bulk_job_turn().await;
        let stopped = by.act(&format!("{}/actions/cancel", path(&account, &job))).await.ok(200);
        let (succeeded, unchanged, failed, skipped) = counts(&stopped, "cancelled");
        assert!(succeeded > 0 && skipped > 0 && unchanged + failed == 0, "{stopped}");
        assert_eq!(listed(&by, &account, "status=disabled").await, succeeded);

        // Again, and nothing happens any more.
        app.resume_workers().await;
        assert_eq!(by.act(&format!("{}/actions/cancel", path(&account, &job))).await.ok(200), stopped);
        let next = super::super::run(&by, &account, json!({ "action": "unlock", "filter": { "all": true } })).await;
        assert_eq!(next["status"], "finished");
        assert_eq!(by.get(&path(&account, &job)).await.ok(200), stopped);
        assert_eq!(listed(&by, &account, "status=disabled").await, succeeded);

        let outcomes = format!("{}/outcomes", path(&account, &job));
        let all = all_pages(&by, &outcomes, 100).await;
        let skipped_there = all.iter().filter(|item| item["outcome"] == "skipped").count();
        assert_eq!(all.len(), 2_000);
        assert_eq!(u64::try_from(skipped_there).unwrap(), skipped);
        assert!(all.iter().all(|item| item["username"].is_string()));
        for (only, none) in [("skipped", false), ("succeeded", false), ("waiting", true), ("failed", true)] {
            let page = by.get(&format!("{outcomes}?outcome={only}")).await.ok(200);
            let items = page["items"].as_array().unwrap();
            assert_eq!(items.is_empty(), none, "{only}");
            assert!(items.iter().all(|item| item["outcome"] == only), "{page}");
        }
    }
}
