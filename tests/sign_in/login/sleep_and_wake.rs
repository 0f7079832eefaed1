//! A device sleeps while the policy does not require it, and wakes when it does again.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn the_same_phone_works_after_the_policy_was_off() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let (phone, confirmed) = ann.login().await.challenge("totp_enrollment").enroll().await;

    account.set_mode("disabled").await;
    let session = ann.login().await.session();
    assert_eq!(session.body["session"]["amr"], json!(["pwd"]));
    assert_eq!(session.body["user"]["two_factor"], json!({ "required": false, "status": "asleep" }));

    account.set_mode("all_users").await;
    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp");
    login.enrollment().await.problem(409, "wrong_step");
    let session = login.code(&phone.code()).await.session();
    assert_eq!(session.body["user"]["two_factor"], json!({ "required": true, "status": "enrolled" }));
    ann.login().await.challenge("totp").recovery_code(&confirmed.recovery_codes[0]).await.session();
}

#[tokio::test]
async fn a_code_used_before_the_sleep_stays_used() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    let code = login.phone().await.code();
    login.confirm(&code).await.confirmed();
    account.set_mode("disabled").await;
    account.set_mode("all_users").await;
    ann.login().await.challenge("totp").code(&code).await.problem(401, "invalid_code");
}

#[tokio::test]
async fn a_session_goes_on_when_the_policy_is_switched_on() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.login().await.session();
    account.set_mode("all_users").await;
    let me = session.me().await.ok(200);
    assert_eq!(me["user"]["two_factor"], json!({ "required": true, "status": "not_enrolled" }));
    session.refresh().await.session().me().await.ok(200);
    ann.login().await.challenge("totp_enrollment");
}
