//! Sets a new password that the sign-in requires.

use serde_json::json;

use crate::support::{Account, OTHER_PASSWORD, TestApp, User, in_parallel, statuses};

async fn marked(app: &TestApp) -> (Account, User) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.act_on(&ann, "require-password-change").await.empty(204);
    (account, ann)
}

#[tokio::test]
async fn the_new_password_leads_to_a_session_and_the_old_one_is_void() {
    let app = TestApp::start().await;
    let (account, ann) = marked(&app).await;
    assert_eq!(account.look_at(&ann).await["password"]["status"], "change_required");
    let login = ann.login().await.challenge("password_change");
    let reasons = login.body["password_change"]["reasons"].as_array().unwrap();
    assert!(reasons.iter().all(|reason| reason["code"] == "change_required" && reason["message"].is_string()));

    login.new_password(OTHER_PASSWORD).await.session().me().await.ok(200);
    login.state().await.problem(401, "challenge_invalid");
    assert_eq!(account.look_at(&ann).await["password"]["status"], "valid");
    ann.login().await.problem(401, "invalid_credentials");
    ann.try_password(OTHER_PASSWORD).await.session();
}

#[tokio::test]
async fn it_comes_after_the_second_factor() {
    let app = TestApp::start().await;
    let (account, ann) = marked(&app).await;
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    assert_eq!(login.new_password(OTHER_PASSWORD).await.problem(409, "wrong_step")["next"], "totp_enrollment");
    let (phone, confirmed) = login.enroll().await;
    assert_eq!(confirmed.recovery_codes.len(), 10);
    let login = confirmed.result.challenge("password_change");
    app.wait_for_next_code();
    assert_eq!(login.code(&phone.code()).await.problem(409, "wrong_step")["next"], "password_change");
    assert_eq!(login.enrollment().await.problem(409, "wrong_step")["next"], "password_change");
    // Who gives up here has enrolled all the same.
    login.abandon().await.empty(204);
    let login = ann.login().await.challenge("totp").code(&phone.code()).await.challenge("password_change");
    login.new_password(OTHER_PASSWORD).await.session();
}

#[tokio::test]
async fn a_refused_password_says_every_reason_and_leaves_the_login_where_it_was() {
    let app = TestApp::start().await;
    let (_, ann) = marked(&app).await;
    let login = ann.login().await.challenge("password_change");
    for (password, reasons) in [
        ("Acme1", &["too_short", "contains_context_word"][..]),
        ("password", &["common"]),
        ("acme-password", &["contains_context_word"]),
        ("", &["too_short"]),
        (&"x".repeat(257), &["too_long"]),
        (&ann.password(), &["reused"]),
    ] {
        let problem = login.new_password(password).await.problem(422, "password_refused");
        let errors = problem.errors();
        assert!(errors.iter().all(|(pointer, _)| *pointer == "/new_password"), "{problem:?}");
        let codes: Vec<_> = errors.iter().map(|(_, code)| *code).collect();
        assert_eq!(codes, reasons, "{password:.20}");
    }
    login.state().await.challenge("password_change");
    login.new_password(OTHER_PASSWORD).await.session();
}

#[tokio::test]
async fn all_other_sessions_and_logins_end() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let before = ann.login().await.session();
    account.act_on(&ann, "require-password-change").await.empty(204);
    let (login, other) =
        (ann.login().await.challenge("password_change"), ann.login().await.challenge("password_change"));
    before.me().await.ok(200);
    let session = login.new_password(OTHER_PASSWORD).await.session();
    before.me().await.problem(401, "invalid_token");
    before.refresh().await.problem(401, "invalid_token");
    other.new_password("seven slow Otters, 3 boats").await.problem(401, "challenge_invalid");
    session.me().await.ok(200);
}

#[tokio::test]
async fn of_parallel_new_passwords_one_wins() {
    let app = TestApp::start().await;
    let (_, ann) = marked(&app).await;
    let login = ann.login().await.challenge("password_change");
    let passwords: Vec<_> = (0..20).map(|number| format!("seven slow Otters, {number} boats")).collect();
    let replies = in_parallel(20, async |number| (number, login.new_password(&passwords[number]).await)).await;
    let won: Vec<_> = replies.iter().filter(|(_, reply)| reply.status == 200).map(|(number, _)| *number).collect();
    let replies: Vec<_> = replies.into_iter().map(|(_, reply)| reply).collect();
    let counts = statuses(&replies);
    assert_eq!((won.len(), counts["401 challenge_invalid"]), (1, 19), "{counts:?}");
    for (number, password) in passwords.iter().enumerate() {
        let reply = ann.try_password(password).await;
        assert_eq!(reply.status, if won == [number] { 200 } else { 401 });
    }
}

#[tokio::test]
async fn a_change_that_was_asked_for_in_mid_login_is_asked_for_in_this_login() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    account.act_on(&ann, "require-password-change").await.empty(204);
    let (_, confirmed) = login.enroll().await;
    let login = confirmed.result.challenge("password_change");
    let finish = login.call("POST", "/session").send().await;
    assert_eq!(finish.problem(409, "wrong_step")["next"], "password_change");
    let session = login.new_password(OTHER_PASSWORD).await.session();
    assert_eq!(session.body["session"]["amr"], json!(["pwd", "otp", "mfa"]));
}
