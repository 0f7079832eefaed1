//! Lists the outcomes for each user, page by page and by outcome.

use serde_json::{Value, json};

use super::{counts, outcomes, path, run};
use crate::support::{TestApp, all_pages};

#[tokio::test]
async fn each_user_has_an_outcome_and_failures_say_why() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    account.act_on(&bob, "disable").await.empty(204);
    let users = json!([ann.id(), bob.id(), by.id()]);
    let done = run(&by, &account, json!({ "action": "disable", "users": users })).await;
    assert_eq!(counts(&done, "finished"), (1, 1, 1, 0));
    let list = format!("{}/outcomes", path(&account, &done));
    let items = by.get(&list).await.ok(200)["items"].clone();
    let of = |user: &crate::support::User| {
        items.as_array().unwrap().iter().find(|item| item["user_id"] == user.id()).unwrap().clone()
    };
    assert_eq!(
        of(&ann),
        json!({ "user_id": ann.id(), "username": "ann", "outcome": "succeeded", "code": null, "message": null })
    );
    assert_eq!(of(&bob)["outcome"], "unchanged");
    let failed = of(&by);
    assert_eq!((&failed["outcome"], &failed["code"]), (&json!("failed"), &json!("conflict")));
    assert!(failed["message"].as_str().unwrap().contains("nobody would be left"), "{failed}");
    for only in ["succeeded", "unchanged", "failed"] {
        let page = by.get(&format!("{list}?outcome={only}")).await.ok(200);
        assert_eq!(page["items"].as_array().unwrap().len(), 1, "{only}");
        assert_eq!(page["items"][0]["outcome"], only);
    }
}

#[tokio::test]
async fn who_is_deleted_before_the_turn_comes_is_not_found() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    app.pause_workers().await;
    let users = json!([ann.id(), bob.id()]);
    let job = super::order(&by, &account, json!({ "action": "disable", "users": users })).await.ok(202);
    by.delete(&account.path(&format!("/users/{}", ann.id()))).await.empty(204);
    app.resume_workers().await;
    let done = super::ended(&by, &account, &job).await;
    assert_eq!(counts(&done, "finished"), (1, 0, 1, 0));
    let became = outcomes(&by, &account, &done).await;
    assert_eq!((became[""].as_str(), became["bob"].as_str()), ("failed not_found", "succeeded"));
}

#[tokio::test]
async fn jobs_and_outcomes_are_listed_page_by_page() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let ids = super::crowd(&by, &account, 205).await;
    let mut ordered = Vec::new();
    for number in 0..5 {
        let job = json!({ "action": "require_password_change", "users": ids[..=number] });
        ordered.push(run(&by, &account, job).await["id"].clone());
        app.wait(chrono::TimeDelta::milliseconds(2));
    }
    ordered.reverse();
    let listed = all_pages(&by, &account.path("/bulk-jobs"), 2).await;
    assert_eq!(listed.iter().map(|job| job["id"].clone()).collect::<Vec<Value>>(), ordered);

    let done = run(&by, &account, json!({ "action": "require_password_change", "filter": { "q": "user-" } })).await;
    assert_eq!(counts(&done, "finished"), (200, 5, 0, 0));
    let mut all: Vec<String> = all_pages(&by, &format!("{}/outcomes", path(&account, &done)), 50)
        .await
        .iter()
        .map(|item| item["user_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(all, ids);
    all.dedup();
    assert_eq!(all.len(), 205);
}
