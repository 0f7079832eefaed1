//! Resets a user's second factor.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn nothing_of_before_works_and_the_next_login_enrols() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    let ann = account.user("ann").await;
    let (phone, confirmed) = ann.login().await.challenge("totp_enrollment").enroll().await;
    let first = confirmed.result.session();
    app.wait_for_next_code();
    let second = ann.login().await.challenge("totp").code(&phone.code()).await.session();
    let at_the_code = ann.login().await.challenge("totp");
    app.wait_for_next_code();

    for _ in 0..2 {
        account.act_on(&ann, "reset-two-factor").await.empty(204);
        for session in [&first, &second] {
            session.me().await.problem(401, "invalid_token");
            session.refresh().await.problem(401, "invalid_token");
        }
        let two_factor = account.look_at(&ann).await["two_factor"].clone();
        assert_eq!(two_factor, json!({ "required": true, "status": "not_enrolled" }));
    }
    at_the_code.code(&phone.code()).await.problem(401, "challenge_invalid");
    at_the_code.recovery_code(&confirmed.recovery_codes[0]).await.problem(401, "challenge_invalid");

    let login = ann.login().await.challenge("totp_enrollment");
    login.code(&phone.code()).await.problem(409, "wrong_step");
    login.recovery_code(&confirmed.recovery_codes[1]).await.problem(409, "wrong_step");
    let new_phone = login.phone().await;
    assert_ne!(new_phone.code(), phone.code(), "another secret");
    login.confirm(&phone.code()).await.problem(401, "invalid_code");
    let enrolled = login.confirm(&new_phone.code()).await.confirmed();
    enrolled.result.session();
    assert!(enrolled.recovery_codes.iter().all(|code| !confirmed.recovery_codes.contains(code)));

    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp");
    assert_eq!(login.body["totp"]["recovery_codes_left"], 10);
    login.code(&phone.code()).await.problem(401, "invalid_code");
    login.recovery_code(&confirmed.recovery_codes[2]).await.problem(401, "invalid_code");
    login.code(&new_phone.code()).await.session();
}

#[tokio::test]
async fn a_reset_while_a_device_is_enrolled_ends_that_login() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    let ann = account.user("ann").await;
    let login = ann.login().await.challenge("totp_enrollment");
    let phone = login.phone().await;
    account.act_on(&ann, "reset-two-factor").await.empty(204);
    login.confirm(&phone.code()).await.problem(401, "challenge_invalid");
    ann.login().await.challenge("totp_enrollment").confirm(&phone.code()).await.problem(401, "invalid_code");
}

#[tokio::test]
async fn a_reset_forgives_the_wrong_codes_of_the_lost_phone() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    let ann = account.user("ann").await;
    ann.sign_in().await;
    for _ in 0..2 {
        let login = ann.login().await.challenge("totp");
        for _ in 0..5 {
            login.code(&ann.phone().wrong_code()).await.problem(401, "invalid_code");
        }
    }
    ann.login().await.challenge("totp").code(&ann.phone().wrong_code()).await.problem(429, "too_many_requests");
    account.act_on(&ann, "reset-two-factor").await.empty(204);
    ann.remember_phone(None);
    ann.sign_in().await;
}

#[tokio::test]
async fn a_user_who_sleeps_is_reset_as_well() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    ann.sign_in().await;
    account.set_mode("disabled").await;
    assert_eq!(account.look_at(&ann).await["two_factor"]["status"], "asleep");
    account.act_on(&ann, "reset-two-factor").await.empty(204);
    assert_eq!(account.look_at(&ann).await["two_factor"]["status"], "not_enrolled");
    account.set_mode("all_users").await;
    ann.login().await.challenge("totp_enrollment");
}

#[tokio::test]
async fn only_users_of_the_own_account_and_only_with_the_permission() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    account.set_mode("all_users").await;
    let ann = account.user("ann").await;
    let session = ann.sign_in().await;
    let settings = account.admin(&["account_settings", "password_management"]).await;
    let stranger = other.admin(&["user_permissions"]).await;
    let path = account.path(&format!("/users/{}/actions/reset-two-factor", ann.id()));
    let problem = settings.act(&path).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "user_permissions");
    assert!(problem["detail"].as_str().unwrap().contains("user_permissions"), "{problem:?}");
    stranger.act(&path).await.problem(404, "not_found");
    // Through the own account's path, too.
    let path = other.path(&format!("/users/{}/actions/reset-two-factor", ann.id()));
    stranger.act(&path).await.problem(404, "not_found");
    app.call("POST", &path).send().await.problem(401, "invalid_token");
    session.me().await.ok(200);
    assert_eq!(account.look_at(&ann).await["two_factor"]["status"], "enrolled");
}

#[tokio::test]
async fn a_reset_wants_a_recent_sign_in() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let session = admin.sign_in().await;
    app.wait(chrono::TimeDelta::minutes(16));
    let session = session.refresh().await.session();
    let path = account.path(&format!("/users/{}/actions/reset-two-factor", ann.id()));
    let problem = session.call("POST", &path).send().await.problem(401, "reauthentication_required");
    assert_eq!(problem["max_age"], 900);
    let renewed = session.reauthenticate(json!({ "password": admin.password() })).await;
    assert_eq!(renewed.status, 200, "{renewed:?}");
}
