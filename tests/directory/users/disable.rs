//! Disabled users cannot sign in.

use crate::support::TestApp;

#[tokio::test]
async fn a_disabled_user_is_out_at_once_and_back_when_enabled() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    let ann = account.user("ann").await;
    let first = ann.sign_in().await;
    app.wait_for_next_code();
    let second = ann.sign_in().await;

    for _ in 0..2 {
        account.act_on(&ann, "disable").await.empty(204);
        assert_eq!(account.look_at(&ann).await["status"], "disabled");
        for session in [&first, &second] {
            session.me().await.problem(401, "invalid_token");
            session.refresh().await.problem(401, "invalid_token");
        }
        let disabled = ann.login().await.problem(401, "invalid_credentials").without_instance();
        let wrong = ann.try_password("wrong").await.problem(401, "invalid_credentials").without_instance();
        assert_eq!(disabled, wrong, "nobody learns that the password is right");
    }

    for _ in 0..2 {
        account.act_on(&ann, "enable").await.empty(204);
        assert_eq!(account.look_at(&ann).await["status"], "active");
    }
    first.me().await.problem(401, "invalid_token");
    second.refresh().await.problem(401, "invalid_token");
    app.wait_for_next_code();
    // With the password and the device of before.
    ann.login().await.challenge("totp").code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn a_disabled_user_holds_nothing_in_a_session_of_before() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let session = admin.session().await;
    account.user_with("another", &["user_permissions"]).await;
    account.act_on(&admin, "disable").await.empty(204);
    session.get(&account.path("/users")).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn an_activation_code_of_a_disabled_user_does_nothing() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.invited(serde_json::json!({ "username": "ann" })).await;
    account.act_on(&ann, "disable").await.empty(204);
    ann.activate(ann.activation_code()).await.problem(401, "invalid_code");
    account.act_on(&ann, "enable").await.empty(204);
    ann.activate(ann.activation_code()).await.empty(204);
}

#[tokio::test]
async fn revoked_sessions_are_over_and_the_user_may_sign_in() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let sessions = [ann.sign_in().await, ann.sign_in().await];
    let other = bob.sign_in().await;
    for _ in 0..2 {
        account.act_on(&ann, "revoke-sessions").await.empty(204);
        for session in &sessions {
            session.me().await.problem(401, "invalid_token");
            session.refresh().await.problem(401, "invalid_token");
        }
    }
    other.me().await.ok(200);
    ann.login().await.session();
}
