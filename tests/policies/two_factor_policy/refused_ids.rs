//! Ids that are not users of the account are rejected by name.

use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn unknown_foreign_and_malformed_ids_are_named_and_nothing_changes() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let admin = account.admin(&["account_settings"]).await;
    let (ann, stranger) = (account.user("ann").await, other.user("stranger").await);
    account.ask_only(&[&ann]).await;
    let path = account.path("/two-factor-policy");
    let before = admin.get(&path).await;
    let nobody = "01890a5d-ac96-774b-bcce-b302099a8057";

    for (ids, expected) in [
        (json!([nobody]), vec![("/user_ids/0", "unknown_user")]),
        (json!([ann.id(), stranger.id()]), vec![("/user_ids/1", "unknown_user")]),
        (json!([nobody, ann.id(), nobody]), vec![("/user_ids/0", "unknown_user"), ("/user_ids/2", "unknown_user")]),
        (json!([account.id]), vec![("/user_ids/0", "unknown_user")]),
        (json!(["ann"]), vec![("/user_ids/0", "invalid_id")]),
        (
            json!([ann.id(), "", ann.id().replace('-', "")]),
            vec![("/user_ids/1", "invalid_id"), ("/user_ids/2", "invalid_id")],
        ),
    ] {
        for (method, path) in [("PUT", path.clone()), ("POST", format!("{path}/preview"))] {
            let body = json!({ "mode": "all_users_except", "user_ids": ids });
            let problem = admin.session().await.call(method, &path).json(&body).send().await;
            let problem = problem.problem(422, "validation_failed");
            assert_eq!(problem.errors(), expected, "{ids}");
            for ((pointer, _), error) in expected.iter().zip(problem["errors"].as_array().unwrap()) {
                let named = ids.pointer(pointer.strip_prefix("/user_ids").unwrap()).and_then(Value::as_str).unwrap();
                assert!(error["message"].as_str().unwrap().contains(named), "{error} names {named}");
            }
        }
    }
    let after = admin.get(&path).await;
    assert_eq!((after.ok(200), after.header("etag")), (before.ok(200), before.header("etag")));
}

#[tokio::test]
async fn ids_of_another_type_are_refused() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    for ids in [json!([1]), json!([null]), json!([["a"]]), json!("ann"), json!({ "0": "ann" }), json!(7)] {
        let policy = json!({ "mode": "selected_users", "user_ids": ids });
        let problem = admin.put(&account.path("/two-factor-policy"), policy).await.problem(422, "validation_failed");
        assert!(problem.errors()[0].0.starts_with("/user_ids"), "{problem:?}");
    }
}

#[tokio::test]
async fn of_very_many_wrong_ids_the_first_hundred_are_named() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    let ids = vec!["nobody"; 5_000];
    let policy = json!({ "mode": "selected_users", "user_ids": ids });
    let problem = admin.put(&account.path("/two-factor-policy"), policy).await.problem(422, "validation_failed");
    let errors = problem.errors();
    assert_eq!((errors[0], errors[99]), (("/user_ids/0", "invalid_id"), ("/user_ids/99", "invalid_id")));
    assert_eq!((errors.len(), errors[100]), (101, ("/user_ids", "invalid_id")));
    assert!(problem["errors"][100]["message"].as_str().unwrap().contains("4900"), "{problem:?}");
}

#[tokio::test]
async fn a_disabled_user_can_be_listed() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.act_on(&ann, "disable").await.empty(204);
    account.ask_only(&[&ann]).await;
    account.act_on(&ann, "enable").await.empty(204);
    ann.login().await.challenge("totp_enrollment");
}
