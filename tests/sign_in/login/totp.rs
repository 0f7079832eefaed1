//! The codes of an authenticator app.

use chrono::TimeDelta;

use crate::support::{Login, Phone, TestApp, User};

async fn enrolled(app: &TestApp) -> (User, Phone) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    ann.sign_in().await;
    app.wait(TimeDelta::minutes(5));
    let phone = ann.phone();
    (ann, phone)
}

async fn begin(user: &User) -> Login {
    user.login().await.challenge("totp")
}

#[tokio::test]
async fn a_phone_may_be_half_a_minute_off_and_no_more() {
    let app = TestApp::start().await;
    let (ann, phone) = enrolled(&app).await;
    for ahead in [-1, 0, 1] {
        begin(&ann).await.code(&phone.code_ahead(ahead)).await.session();
        app.wait(TimeDelta::minutes(5));
    }
    for ahead in [-20, -3, -2, 2, 3, 20] {
        let login = begin(&ann).await;
        login.code(&phone.code_ahead(ahead)).await.problem(401, "invalid_code");
        app.wait(TimeDelta::minutes(30));
    }
}

#[tokio::test]
async fn a_code_works_once() {
    let app = TestApp::start().await;
    let (ann, phone) = enrolled(&app).await;
    let code = phone.code();
    begin(&ann).await.code(&code).await.session();
    begin(&ann).await.code(&code).await.problem(401, "invalid_code");
    // Also when it has become the code of the step before.
    app.wait_for_next_code();
    begin(&ann).await.code(&code).await.problem(401, "invalid_code");
    begin(&ann).await.code(&phone.code()).await.session();
}

#[tokio::test]
async fn an_earlier_code_does_not_work_after_a_later_one() {
    let app = TestApp::start().await;
    let (ann, phone) = enrolled(&app).await;
    let (earlier, present, later) = (phone.code_ahead(-1), phone.code(), phone.code_ahead(1));
    begin(&ann).await.code(&later).await.session();
    for used in [&earlier, &present, &later] {
        begin(&ann).await.code(used).await.problem(401, "invalid_code");
    }
    app.wait_for_next_code();
    begin(&ann).await.code(&phone.code()).await.problem(401, "invalid_code");
    app.wait_for_next_code();
    begin(&ann).await.code(&phone.code()).await.session();
}

#[tokio::test]
async fn a_used_code_is_remembered_after_a_restart() {
    let mut app = TestApp::start().await;
    let (ann, phone) = enrolled(&app).await;
    let login = begin(&ann).await;
    let code = phone.code();
    begin(&ann).await.code(&code).await.session();
    app.restart().await;
    // The login under way goes on, and the code stays used.
    login.code(&code).await.problem(401, "invalid_code");
    app.wait_for_next_code();
    login.code(&phone.code()).await.session();
}

#[tokio::test]
async fn a_code_of_somebody_else_does_not_work() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    account.set_mode("all_users").await;
    ann.sign_in().await;
    bob.sign_in().await;
    app.wait_for_next_code();
    let login = begin(&ann).await;
    login.code(&bob.phone().code()).await.problem(401, "invalid_code");
    login.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn a_clock_set_back_does_not_make_a_used_code_new() {
    let app = TestApp::start().await;
    let (ann, phone) = enrolled(&app).await;
    let code = phone.code();
    begin(&ann).await.code(&code).await.session();
    app.wait(TimeDelta::seconds(-20));
    begin(&ann).await.code(&code).await.problem(401, "invalid_code");
    begin(&ann).await.code(&phone.code()).await.problem(401, "invalid_code");
    app.wait(TimeDelta::seconds(60));
    begin(&ann).await.code(&phone.code()).await.session();
}
