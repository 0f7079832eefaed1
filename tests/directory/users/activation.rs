//! Activation codes, with which users set their first password.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp, in_parallel, statuses};

#[tokio::test]
async fn a_code_works_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.invited(json!({ "username": "ann" })).await;
    ann.login().await.problem(401, "invalid_credentials");
    ann.activate(ann.activation_code()).await.empty(204);
    ann.login().await.session();
    ann.remember_password(OTHER_PASSWORD);
    ann.activate(ann.activation_code()).await.problem(401, "invalid_code");
    ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    ann.try_password(PASSWORD).await.session();
}

#[tokio::test]
async fn of_many_who_use_a_code_at_once_one_succeeds() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.invited(json!({ "username": "ann" })).await;
    let replies = in_parallel(20, |_| ann.activate(ann.activation_code())).await;
    assert_eq!(statuses(&replies), [("204".to_owned(), 1), ("401 invalid_code".to_owned(), 19)].into());
}

#[tokio::test]
async fn a_code_expires() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (ann, bob) =
        (account.invited(json!({ "username": "ann" })).await, account.invited(json!({ "username": "bob" })).await);
    app.wait(TimeDelta::days(7) - TimeDelta::seconds(1));
    ann.activate(ann.activation_code()).await.empty(204);
    app.wait(TimeDelta::seconds(1));
    bob.activate(bob.activation_code()).await.problem(401, "invalid_code");
}

#[tokio::test]
async fn a_refused_password_does_not_use_the_code_up() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.invited(json!({ "username": "ann" })).await;
    ann.remember_password("short");
    ann.activate(ann.activation_code()).await.problem(422, "password_refused");
    ann.remember_password(PASSWORD);
    ann.activate(ann.activation_code()).await.empty(204);
}

#[tokio::test]
async fn a_new_code_voids_the_old_one_and_ends_what_was_open() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.invited(json!({ "username": "ann" })).await;
    let path = account.path(&format!("/users/{}/actions/send-activation", ann.id()));
    let second = admin.act(&path).await.ok(200)["code"].as_str().unwrap().to_owned();
    assert_ne!(second, ann.activation_code());
    ann.activate(ann.activation_code()).await.problem(401, "invalid_code");
    ann.activate(&second).await.empty(204);

    let session = ann.sign_in().await;
    let third = admin.act(&path).await.ok(200)["code"].as_str().unwrap().to_owned();
    session.me().await.ok(200);
    ann.remember_password(OTHER_PASSWORD);
    ann.activate(&third).await.empty(204);
    session.me().await.problem(401, "invalid_token");
    session.refresh().await.problem(401, "invalid_token");
    ann.try_password(PASSWORD).await.problem(401, "invalid_credentials");
    ann.login().await.session();
}

#[tokio::test]
async fn nobody_becomes_somebody_who_holds_more() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user_with("ann", &["account_settings"]).await;
    let path = account.path(&format!("/users/{}/actions/send-activation", ann.id()));
    let problem = admin.act(&path).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "account_settings");
    ann.login().await.session();
}
