//! Jobs of an account run one after the other; accounts take turns.

use serde_json::{Value, json};

use super::{counts, crowd, ended, number, order, path, run};
use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn jobs_over_the_same_users_are_done_in_the_order_in_which_they_came() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    crowd(&by, &account, 300).await;
    let mut jobs: Vec<Value> = Vec::new();
    for action in ["disable", "enable", "disable", "enable", "disable"] {
        jobs.push(order(&by, &account, json!({ "action": action, "filter": { "q": "user-" } })).await.ok(202));
        // So that their ids tell the order.
        app.wait(chrono::TimeDelta::milliseconds(1));
    }
    for job in &jobs {
        assert_eq!(counts(&ended(&by, &account, job).await, "finished"), (300, 0, 0, 0));
    }
    assert_eq!(super::listed(&by, &account, "status=disabled").await, 300);
}

#[tokio::test]
async fn two_jobs_over_the_same_users_at_once_do_each_of_them_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    crowd(&by, &account, 500).await;
    let session = by.session().await;
    let body = json!({ "action": "disable", "filter": { "q": "user-" } });
    let path = account.path("/users:bulk");
    let replies = in_parallel(4, |_| session.call("POST", &path).json(&body).send()).await;
    let mut all = (0, 0);
    for reply in &replies {
        let (succeeded, unchanged, failed, skipped) = counts(&ended(&by, &account, &reply.ok(202)).await, "finished");
        assert_eq!((failed, skipped), (0, 0));
        all = (all.0 + succeeded, all.1 + unchanged);
    }
    assert_eq!(all, (500, 1_500));
}

#[tokio::test]
async fn ten_jobs_of_an_account_may_wait_also_when_they_come_at_once() {
    let mut app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let by = account.admin(&["user_permissions"]).await;
    app.pause_workers().await;
    let long =
        order(&by, &account, json!({ "action": "require_password_change", "filter": { "all": true } })).await.ok(202);
    let session = by.session().await;
    let (body, path) = (json!({ "action": "unlock", "filter": { "all": true } }), account.path("/users:bulk"));
    let replies = in_parallel(20, |_| session.call("POST", &path).json(&body).send()).await;
    let came = statuses(&replies);
    assert_eq!((came.get("202"), came.get("409 conflict")), (Some(&9), Some(&11)), "{came:?}");
    // Others do not mind.
    let stranger = other.admin(&["user_permissions"]).await;
    order(&stranger, &other, json!({ "action": "unlock", "filter": { "all": true } })).await.ok(202);
    // One that has ended makes room.
    by.act(&format!("{}/actions/cancel", super::path(&account, &long))).await.ok(200);
    order(&by, &account, body).await.ok(202);
}

#[tokio::test]
async fn a_small_account_does_not_wait_for_the_end_of_a_large_one_s_job() {
    let mut app = TestApp::start().await;
    let (large, small) = (app.account("large").await, app.account("small").await);
    let by = large.admin(&["user_permissions"]).await;
    let other = small.admin(&["user_permissions"]).await;
    crowd(&by, &large, 3_000).await;
    app.pause_workers().await;
    let long = order(&by, &large, json!({ "action": "disable", "filter": { "q": "user-" } })).await.ok(202);
    app.take_bulk_job_turn().await;
    let short = order(&other, &small, json!({ "action": "unlock", "filter": { "all": true } })).await.ok(202);
    // One of the next two turns is the small account's: neither waits for the other's end.
    app.wait(chrono::TimeDelta::milliseconds(1));
    app.take_bulk_job_turn().await;
    app.wait(chrono::TimeDelta::milliseconds(1));
    app.take_bulk_job_turn().await;
    let short = other.get(&path(&small, &short)).await.ok(200);
    assert_eq!(counts(&short, "finished"), (0, 1, 0, 0));
    let now = by.get(&path(&large, &long)).await.ok(200);
    assert!(now["finished_at"].is_null() && number(&now, "done") > 0, "{now}");
    app.resume_workers().await;
    assert_eq!(counts(&ended(&by, &large, &long).await, "finished"), (3_000, 0, 0, 0));
}

#[tokio::test]
async fn jobs_of_a_suspended_account_wait_until_it_is_resumed() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let by = account.admin(&["user_permissions"]).await;
    crowd(&by, &account, 2_000).await;
    app.pause_workers().await;
    let job = order(&by, &account, json!({ "action": "disable", "filter": { "q": "user-" } })).await.ok(202);
    app.take_bulk_job_turn().await;
    root.act(&account.path("/actions/suspend")).await.empty(204);
    let waiting = root.get(&path(&account, &job)).await.ok(200);
    assert!(waiting["finished_at"].is_null() && number(&waiting, "done") > 0, "{waiting}");
    app.resume_workers().await;
    // Others have their turn meanwhile, and more than one.
    let other = app.account("other").await;
    let stranger = other.admin(&["user_permissions"]).await;
    for _ in 0..3 {
        run(&stranger, &other, json!({ "action": "unlock", "filter": { "all": true } })).await;
    }
    assert_eq!(root.get(&path(&account, &job)).await.ok(200), waiting);
    root.act(&account.path("/actions/resume")).await.empty(204);
    let by_now = ended(&root, &account, &job).await;
    assert_eq!(counts(&by_now, "finished"), (2_000, 0, 0, 0));
}
