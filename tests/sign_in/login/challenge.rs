//! The states of a login: resumed, abandoned, expired, failed.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Account, Login, TestApp, User};

async fn enrolled(app: &TestApp) -> (Account, User, Vec<String>) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let (phone, confirmed) = ann.login().await.challenge("totp_enrollment").enroll().await;
    ann.remember_phone(Some(phone));
    app.wait_for_next_code();
    (account, ann, confirmed.recovery_codes)
}

async fn begin(user: &User) -> Login {
    user.login().await.challenge("totp")
}

#[tokio::test]
async fn a_reloaded_page_resumes() {
    let app = TestApp::start().await;
    let (_, ann, _) = enrolled(&app).await;
    let login = begin(&ann).await;
    assert_eq!(login.body["totp"], json!({ "attempts_left": 5, "recovery_codes_left": 10 }));
    assert_eq!(login.state().await.ok(200), login.body);
    login.code(&ann.phone().wrong_code()).await.problem(401, "invalid_code");
    app.wait(TimeDelta::minutes(3));
    let resumed = login.state().await.challenge("totp");
    assert_eq!(resumed.token, login.token);
    assert_eq!(resumed.body["expires_at"], login.body["expires_at"], "nothing makes a login longer");
    assert_eq!(resumed.body["totp"]["attempts_left"], 4);
    resumed.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn looking_changes_nothing() {
    let app = TestApp::start().await;
    let (_, ann, _) = enrolled(&app).await;
    let login = begin(&ann).await;
    for _ in 0..20 {
        assert_eq!(login.state().await.ok(200), login.body);
    }
}

#[tokio::test]
async fn who_gives_up_begins_again() {
    let app = TestApp::start().await;
    let (_, ann, codes) = enrolled(&app).await;
    let (login, other) = (begin(&ann).await, begin(&ann).await);
    login.abandon().await.empty(204);
    login.abandon().await.problem(401, "challenge_invalid");
    login.state().await.problem(401, "challenge_invalid");
    login.code(&ann.phone().code()).await.problem(401, "challenge_invalid");
    login.recovery_code(&codes[0]).await.problem(401, "challenge_invalid");
    // Neither the code nor the recovery code was used up, and other logins go on.
    other.recovery_code(&codes[0]).await.session();
    begin(&ann).await.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn a_login_can_be_given_up_at_every_step() {
    let app = TestApp::start().await;
    let (account, ann, _) = enrolled(&app).await;
    let bob = account.user("bob").await;
    let login = bob.login().await.challenge("totp_enrollment");
    let phone = login.phone().await;
    login.abandon().await.empty(204);
    login.confirm(&phone.code()).await.problem(401, "challenge_invalid");

    account.act_on(&ann, "require-password-change").await.empty(204);
    let login = begin(&ann).await.code(&ann.phone().code()).await.challenge("password_change");
    login.abandon().await.empty(204);
    login.new_password("another Heron 5 flies").await.problem(401, "challenge_invalid");
    ann.login().await.challenge("totp");
}

#[tokio::test]
async fn a_login_ends_after_ten_minutes_whatever_happens_in_between() {
    let app = TestApp::start().await;
    let (_, ann, codes) = enrolled(&app).await;
    let login = begin(&ann).await;
    let almost = TimeDelta::seconds(599);
    app.wait(almost);
    login.code(&ann.phone().wrong_code()).await.problem(401, "invalid_code");
    login.state().await.challenge("totp");
    app.wait(TimeDelta::milliseconds(999));
    login.state().await.challenge("totp");
    app.wait(TimeDelta::milliseconds(1));
    login.state().await.problem(401, "challenge_invalid");
    login.code(&ann.phone().code()).await.problem(401, "challenge_invalid");
    login.recovery_code(&codes[0]).await.problem(401, "challenge_invalid");
    login.abandon().await.problem(401, "challenge_invalid");
    begin(&ann).await.recovery_code(&codes[0]).await.session();
}

#[tokio::test]
async fn a_login_may_take_as_long_as_the_operator_says() {
    let app = TestApp::with(|config| config.login.challenge_seconds = 60).await;
    let (_, ann, _) = enrolled(&app).await;
    let login = begin(&ann).await;
    app.wait(TimeDelta::seconds(60));
    login.state().await.problem(401, "challenge_invalid");
}

#[tokio::test]
async fn five_wrong_codes_of_either_kind_end_the_login() {
    let app = TestApp::start().await;
    let (_, ann, codes) = enrolled(&app).await;
    let login = begin(&ann).await;
    let wrong = ann.phone().wrong_code();
    let unknown = "7k2m-9xqa-0vtd-h4re";
    for (left, reply) in [
        (4, login.code(&wrong).await),
        (3, login.recovery_code(unknown).await),
        (2, login.code(&wrong).await),
        (1, login.recovery_code(unknown).await),
    ] {
        assert_eq!(reply.problem(401, "invalid_code").attempts_left(), Some(left));
        // What comes after is what was said.
    }
    assert_eq!(login.state().await.challenge("totp").body["totp"]["attempts_left"], 1);
    let last = login.code(&wrong).await.problem(401, "invalid_code");
    assert_eq!(last.attempts_left(), Some(0));
    assert!(last.detail().ends_with("That was the last try. Sign in again."), "{last:?}");
    login.code(&ann.phone().code()).await.problem(401, "challenge_invalid");
    login.recovery_code(&codes[0]).await.problem(401, "challenge_invalid");
    login.state().await.problem(401, "challenge_invalid");
    begin(&ann).await.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn a_hundred_parallel_wrong_codes_are_five_tries() {
    let app = TestApp::with(|config| config.throttle.code_of_user.free = Some(100_000)).await;
    let (_, ann, _) = enrolled(&app).await;
    let login = begin(&ann).await;
    let wrong = ann.phone().wrong_code();
    let replies = crate::support::in_parallel(100, |_| login.code(&wrong)).await;
    let counts = crate::support::statuses(&replies);
    assert_eq!((counts["401 invalid_code"], counts["401 challenge_invalid"]), (5, 95), "{counts:?}");
}

#[tokio::test]
async fn at_the_code_no_other_answer_is_taken_or_counted() {
    let app = TestApp::start().await;
    let (_, ann, _) = enrolled(&app).await;
    let login = begin(&ann).await;
    for _ in 0..6 {
        for reply in [
            login.confirm(&ann.phone().code()).await,
            login.new_password("another Heron 5 flies").await,
            login.call("POST", "/session").send().await,
        ] {
            assert_eq!(reply.problem(409, "wrong_step")["next"], "totp");
        }
    }
    assert_eq!(login.state().await.challenge("totp").body, login.body);
    login.code(&ann.phone().code()).await.session();
    ann.login().await.challenge("totp");
}

#[tokio::test]
async fn a_finished_login_gives_no_second_session() {
    let app = TestApp::start().await;
    let (_, ann, codes) = enrolled(&app).await;
    let login = begin(&ann).await;
    login.code(&ann.phone().code()).await.session();
    app.wait_for_next_code();
    login.code(&ann.phone().code()).await.problem(401, "challenge_invalid");
    login.recovery_code(&codes[0]).await.problem(401, "challenge_invalid");
    login.call("POST", "/session").send().await.problem(401, "challenge_invalid");
    login.abandon().await.problem(401, "challenge_invalid");
}
