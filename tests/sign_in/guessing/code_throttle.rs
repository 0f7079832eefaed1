//! Guessing six-digit codes gets slower and slower, across all logins of a user.

use chrono::TimeDelta;

use crate::support::{Account, Login, OTHER_PASSWORD, TestApp, User, in_parallel, statuses};

/// Wrong codes that cost no wait.
const FREE: usize = 10;

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

/// Types all wrong codes that are free: two logins' worth.
async fn exhaust(user: &User) {
    for _ in 0..FREE / 5 {
        let login = begin(user).await;
        for _ in 0..5 {
            login.code(&user.phone().wrong_code()).await.problem(401, "invalid_code");
        }
    }
}

#[tokio::test]
async fn ten_wrong_codes_are_free_and_the_wait_ends_by_itself() {
    let app = TestApp::start().await;
    let (_, ann, _) = enrolled(&app).await;
    exhaust(&ann).await;
    // The password is right: that much is told, and a new login begins.
    let login = begin(&ann).await;
    let phone = ann.phone();
    for code in [phone.wrong_code(), phone.code()] {
        assert_eq!(login.code(&code).await.problem(429, "too_many_requests").retry_after(), 1);
    }
    assert_eq!(login.state().await.ok(200), login.body, "who has to wait has not tried");
    app.wait(TimeDelta::seconds(1));
    login.code(&phone.code()).await.session();
    // Who has proved it begins anew.
    app.wait_for_next_code();
    exhaust(&ann).await;
}

#[tokio::test]
async fn the_wait_doubles_up_to_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let (_, ann, _) = enrolled(&app).await;
    exhaust(&ann).await;
    for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        let login = begin(&ann).await;
        let wait = login.code(&ann.phone().wrong_code()).await.problem(429, "too_many_requests").retry_after();
        assert_eq!(wait, expected);
        app.wait(TimeDelta::seconds(wait));
        begin(&ann).await.code(&ann.phone().wrong_code()).await.problem(401, "invalid_code");
    }
    app.wait(TimeDelta::minutes(15));
    begin(&ann).await.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn recovery_codes_are_counted_with_them() {
    let app = TestApp::start().await;
    let (_, ann, codes) = enrolled(&app).await;
    for number in 0..FREE {
        let login = begin(&ann).await;
        let reply = if number % 2 == 0 {
            login.recovery_code("7k2m-9xqa-0vtd-h4re").await
        } else {
            login.code(&ann.phone().wrong_code()).await
        };
        reply.problem(401, "invalid_code");
    }
    let login = begin(&ann).await;
    login.recovery_code(&codes[0]).await.problem(429, "too_many_requests");
    login.code(&ann.phone().code()).await.problem(429, "too_many_requests");
    app.wait(TimeDelta::seconds(1));
    // The recovery code was not used up.
    login.recovery_code(&codes[0]).await.session();
}

#[tokio::test]
async fn first_codes_of_new_devices_are_counted_with_them() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    for _ in 0..FREE / 5 {
        let login = ann.login().await.challenge("totp_enrollment");
        let phone = login.phone().await;
        for _ in 0..5 {
            login.confirm(&phone.wrong_code()).await.problem(401, "invalid_code");
        }
    }
    let login = ann.login().await.challenge("totp_enrollment");
    let phone = login.phone().await;
    login.confirm(&phone.code()).await.problem(429, "too_many_requests");
    app.wait(TimeDelta::seconds(1));
    login.confirm(&phone.code()).await.confirmed().result.session();
}

#[tokio::test]
async fn passwords_and_codes_have_counters_of_their_own() {
    let app = TestApp::start().await;
    let (_, ann, _) = enrolled(&app).await;
    exhaust(&ann).await;
    // A wrong code is no wrong password.
    for _ in 0..20 {
        ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    }
    ann.login().await.problem(429, "too_many_requests");
    app.wait(TimeDelta::seconds(1));
    begin(&ann).await.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn a_right_password_does_not_forgive_wrong_codes() {
    let app = TestApp::start().await;
    let (_, ann, _) = enrolled(&app).await;
    for _ in 0..FREE {
        begin(&ann).await.code(&ann.phone().wrong_code()).await.problem(401, "invalid_code");
    }
    begin(&ann).await.code(&ann.phone().code()).await.problem(429, "too_many_requests");
}

#[tokio::test]
async fn an_administrator_lifts_the_wait() {
    let app = TestApp::start().await;
    let (account, ann, _) = enrolled(&app).await;
    exhaust(&ann).await;
    let login = begin(&ann).await;
    login.code(&ann.phone().code()).await.problem(429, "too_many_requests");
    account.act_on(&ann, "unlock").await.empty(204);
    login.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn a_reset_lifts_the_wait_too() {
    let app = TestApp::start().await;
    let (account, ann, _) = enrolled(&app).await;
    exhaust(&ann).await;
    account.act_on(&ann, "reset-two-factor").await.empty(204);
    ann.login().await.challenge("totp_enrollment").enroll().await.1.result.session();
}

#[tokio::test]
async fn nobody_else_has_to_wait() {
    let app = TestApp::start().await;
    let (account, ann, _) = enrolled(&app).await;
    let bob = account.user("bob").await;
    bob.sign_in().await;
    exhaust(&ann).await;
    app.wait(TimeDelta::milliseconds(500));
    begin(&bob).await.code(&bob.phone().fresh_code()).await.session();
}

#[tokio::test]
async fn of_parallel_guesses_over_many_logins_no_more_are_answered_than_of_guesses_in_turn() {
    let app = TestApp::start().await;
    let (_, ann, _) = enrolled(&app).await;
    let mut logins = Vec::new();
    for _ in 0..50 {
        logins.push(begin(&ann).await);
    }
    let wrong = ann.phone().wrong_code();
    let replies = in_parallel(200, |number| logins[number % 50].code(&wrong)).await;
    let counts = statuses(&replies);
    assert_eq!(counts["401 invalid_code"], FREE, "{counts:?}");
    assert_eq!(counts["429 too_many_requests"], 200 - FREE, "{counts:?}");
}

#[tokio::test]
async fn a_wait_outlives_a_restart() {
    let mut app = TestApp::start().await;
    let (_, ann, _) = enrolled(&app).await;
    exhaust(&ann).await;
    let login = begin(&ann).await;
    app.restart().await;
    login.code(&ann.phone().code()).await.problem(429, "too_many_requests");
    app.wait(TimeDelta::seconds(1));
    login.code(&ann.phone().code()).await.session();
}
