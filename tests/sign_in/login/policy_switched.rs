//! The policy is switched during a login: each step follows the current policy.

use serde_json::json;

use crate::support::{Account, Login, OTHER_PASSWORD, Session, TestApp, User};

async fn acme(app: &TestApp) -> (Account, User) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    (account, ann)
}

/// Ann has a phone; the policy asks everybody.
async fn enrolled(app: &TestApp) -> (Account, User, Vec<String>) {
    let (account, ann) = acme(app).await;
    account.set_mode("all_users").await;
    let (phone, confirmed) = ann.login().await.challenge("totp_enrollment").enroll().await;
    ann.remember_phone(Some(phone));
    app.wait_for_next_code();
    (account, ann, confirmed.recovery_codes)
}

async fn finish(login: &Login) -> crate::support::Reply {
    login.call("POST", "/session").send().await
}

fn amr(session: &Session) -> &serde_json::Value {
    &session.body["session"]["amr"]
}

#[tokio::test]
async fn on_at_the_password_change_asks_for_a_device_first() {
    let app = TestApp::start().await;
    let (account, ann) = acme(&app).await;
    account.act_on(&ann, "require-password-change").await.empty(204);
    let login = ann.login().await.challenge("password_change");

    account.set_mode("all_users").await;
    assert_eq!(login.new_password(OTHER_PASSWORD).await.problem(409, "wrong_step")["next"], "totp_enrollment");
    ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    login.state().await.challenge("totp_enrollment");

    let (_, confirmed) = login.enroll().await;
    let login = confirmed.result.challenge("password_change");
    let session = login.new_password(OTHER_PASSWORD).await.session();
    assert_eq!(amr(&session), &json!(["pwd", "otp", "mfa"]));
}

#[tokio::test]
async fn on_at_the_password_change_asks_for_the_code_of_a_sleeping_device() {
    let app = TestApp::start().await;
    let (account, ann, _) = enrolled(&app).await;
    account.set_mode("disabled").await;
    account.act_on(&ann, "require-password-change").await.empty(204);
    let login = ann.login().await.challenge("password_change");

    account.set_mode("all_users").await;
    assert_eq!(login.new_password(OTHER_PASSWORD).await.problem(409, "wrong_step")["next"], "totp");
    assert_eq!(login.enrollment().await.problem(409, "wrong_step")["next"], "totp");
    let login = login.code(&ann.phone().code()).await.challenge("password_change");
    login.new_password(OTHER_PASSWORD).await.session();
}

#[tokio::test]
async fn off_at_the_code_lets_the_login_finish() {
    let app = TestApp::start().await;
    let (account, ann, codes) = enrolled(&app).await;
    let logins = [(); 4].map(|()| ann.login());
    let mut waiting = Vec::new();
    for login in logins {
        waiting.push(login.await.challenge("totp"));
    }

    account.set_mode("disabled").await;
    waiting[0].state().await.challenge("session");
    let sessions = [
        finish(&waiting[0]).await.session(),
        // Whatever the page was about to send is taken as the end of the login, and not looked at.
        waiting[1].code(&ann.phone().wrong_code()).await.session(),
        waiting[2].recovery_code(&codes[0]).await.session(),
        waiting[3].code(&ann.phone().code()).await.session(),
    ];
    for session in &sessions {
        assert_eq!(amr(session), &json!(["pwd"]), "no code was looked at");
        session.me().await.ok(200);
    }
    for login in &waiting {
        login.state().await.problem(401, "challenge_invalid");
    }

    // What was not looked at was not used up.
    account.set_mode("all_users").await;
    assert_eq!(ann.login().await.challenge("totp").body["totp"]["recovery_codes_left"], 10);
    ann.login().await.challenge("totp").code(&ann.phone().code()).await.session();
    ann.login().await.challenge("totp").recovery_code(&codes[0]).await.session();
}

#[tokio::test]
async fn off_at_the_enrolment_lets_the_login_finish_without_a_device() {
    let app = TestApp::start().await;
    let (account, ann) = acme(&app).await;
    account.set_mode("all_users").await;
    let (one, other) = (ann.login().await.challenge("totp_enrollment"), ann.login().await.challenge("totp_enrollment"));
    let phone = one.phone().await;

    account.set_mode("disabled").await;
    assert_eq!(one.enrollment().await.problem(409, "wrong_step")["next"], "session");
    let confirmed = one.confirm(&phone.code()).await.confirmed();
    assert_eq!(confirmed.recovery_codes, Vec::<String>::new());
    assert_eq!(amr(&confirmed.result.session()), &json!(["pwd"]));
    finish(&other).await.session();
    assert_eq!(account.look_at(&ann).await["two_factor"], json!({ "required": false, "status": "not_enrolled" }));

    // The QR code that was shown has become worthless.
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    login.phone().await;
    login.confirm(&phone.code()).await.problem(401, "invalid_code");
}

#[tokio::test]
async fn off_at_the_code_still_asks_for_the_new_password() {
    let app = TestApp::start().await;
    let (account, ann, _) = enrolled(&app).await;
    account.act_on(&ann, "require-password-change").await.empty(204);
    let login = ann.login().await.challenge("totp");
    account.set_mode("disabled").await;
    login.state().await.challenge("password_change");
    assert_eq!(login.code(&ann.phone().code()).await.problem(409, "wrong_step")["next"], "password_change");
    assert_eq!(finish(&login).await.problem(409, "wrong_step")["next"], "password_change");
    assert_eq!(amr(&login.new_password(OTHER_PASSWORD).await.session()), &json!(["pwd"]));
}

#[tokio::test]
async fn off_after_the_code_keeps_the_proof() {
    let app = TestApp::start().await;
    let (account, ann, _) = enrolled(&app).await;
    account.act_on(&ann, "require-password-change").await.empty(204);
    let login = ann.login().await.challenge("totp").code(&ann.phone().code()).await.challenge("password_change");
    account.set_mode("disabled").await;
    assert_eq!(amr(&login.new_password(OTHER_PASSWORD).await.session()), &json!(["pwd", "otp", "mfa"]));
}

#[tokio::test]
async fn off_and_on_again_at_the_code_changes_nothing() {
    let app = TestApp::start().await;
    let (account, ann, _) = enrolled(&app).await;
    let login = ann.login().await.challenge("totp");
    login.code(&ann.phone().wrong_code()).await.problem(401, "invalid_code");
    account.set_mode("disabled").await;
    account.set_mode("all_users").await;
    assert_eq!(login.state().await.challenge("totp").body["totp"]["attempts_left"], 4);
    login.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn off_and_on_again_at_the_enrolment_keeps_the_secret() {
    let app = TestApp::start().await;
    let (account, ann) = acme(&app).await;
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    let before = login.enrollment().await.ok(200);
    account.set_mode("disabled").await;
    account.set_mode("all_users").await;
    assert_eq!(login.enrollment().await.ok(200), before);
    login.enroll().await.1.result.session();
}

#[tokio::test]
async fn a_change_of_the_list_counts_like_the_switch() {
    let app = TestApp::start().await;
    let (account, ann) = acme(&app).await;
    let bob = account.user("bob").await;
    account.ask_only(&[&ann]).await;
    let login = ann.login().await.challenge("totp_enrollment");
    bob.login().await.session();

    account.ask_only(&[&bob]).await;
    login.state().await.challenge("session");
    bob.login().await.challenge("totp_enrollment");

    let except_bob = json!({ "mode": "all_users_except", "user_ids": [bob.id()] });
    account.set_policy(except_bob).await.ok(200);
    login.state().await.challenge("totp_enrollment");
    bob.login().await.session();
    login.enroll().await.1.result.session();
}

#[tokio::test]
async fn of_two_logins_one_enrols_and_the_other_is_asked_for_that_device() {
    let app = TestApp::start().await;
    let (account, ann) = acme(&app).await;
    account.set_mode("all_users").await;
    let (one, other) = (ann.login().await.challenge("totp_enrollment"), ann.login().await.challenge("totp_enrollment"));
    let late = other.phone().await;
    let (phone, confirmed) = one.enroll().await;
    confirmed.result.session();

    app.wait_for_next_code();
    assert_eq!(other.enrollment().await.problem(409, "wrong_step")["next"], "totp");
    assert_eq!(other.confirm(&late.code()).await.problem(409, "wrong_step")["next"], "totp");
    other.state().await.challenge("totp");
    other.code(&late.code()).await.problem(401, "invalid_code");
    other.code(&phone.code()).await.session();
}

#[tokio::test]
async fn of_two_parallel_enrolments_one_wins() {
    let app = TestApp::start().await;
    let (account, _) = acme(&app).await;
    account.set_mode("all_users").await;
    for number in 0..5 {
        let user = account.user(&format!("user {number}")).await;
        let mut logins = Vec::new();
        for _ in 0..8 {
            let login = user.login().await.challenge("totp_enrollment");
            let code = login.phone().await.code();
            logins.push((login, code));
        }
        let replies = crate::support::in_parallel(8, |at| logins[at].0.confirm(&logins[at].1)).await;
        let counts = crate::support::statuses(&replies);
        assert_eq!((counts["200"], counts["409 wrong_step"]), (1, 7), "{counts:?}");
    }
}

#[tokio::test]
async fn one_enrolment_confirmed_in_parallel_is_one_device_and_one_session() {
    let app = TestApp::start().await;
    let (account, ann) = acme(&app).await;
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    let phone = login.phone().await;
    let code = phone.code();
    let replies = crate::support::in_parallel(20, |_| login.confirm(&code)).await;
    let counts = crate::support::statuses(&replies);
    assert_eq!((counts["200"], counts["401 challenge_invalid"]), (1, 19), "{counts:?}");
    // The recovery codes that were shown are those that count.
    let shown = replies.iter().find(|reply| reply.status == 200).unwrap().confirmed().recovery_codes;
    ann.login().await.challenge("totp").recovery_code(&shown[9]).await.session();
}
