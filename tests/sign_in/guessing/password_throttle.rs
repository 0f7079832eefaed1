//! Guessing passwords of one name gets slower and slower, whether or not the user exists.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{OTHER_PASSWORD, PASSWORD, Reply, TestApp, User, in_parallel, statuses};

/// Wrong passwords that cost no wait.
const FREE: usize = 20;

async fn guess(app: &TestApp, account: &str, username: &str) -> Reply {
    let body = json!({ "account": account, "username": username, "password": OTHER_PASSWORD });
    app.call("POST", "/v1/login").json(&body).send().await
}

async fn exhaust(user: &User) {
    for _ in 0..FREE {
        user.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    }
}

#[tokio::test]
async fn twenty_wrong_passwords_are_free_and_the_wait_ends_by_itself() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    exhaust(&ann).await;
    let reply = ann.try_password(OTHER_PASSWORD).await;
    assert_eq!(reply.problem(429, "too_many_requests").retry_after(), 1);
    // Nobody is told whether a password is right before the wait is over.
    assert_eq!(ann.login().await.problem(429, "too_many_requests").retry_after(), 1);
    app.wait(TimeDelta::milliseconds(999));
    ann.login().await.problem(429, "too_many_requests");
    app.wait(TimeDelta::milliseconds(1));
    ann.login().await.session();
    // Who has proved it begins anew.
    exhaust(&ann).await;
}

#[tokio::test]
async fn the_wait_doubles_up_to_a_quarter_of_an_hour_and_all_is_forgotten_after_an_hour() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    exhaust(&ann).await;
    for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900] {
        let wait = ann.try_password(OTHER_PASSWORD).await.problem(429, "too_many_requests").retry_after();
        assert_eq!(wait, expected);
        app.wait(TimeDelta::seconds(wait));
        ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    }
    app.wait(TimeDelta::minutes(59));
    ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    ann.login().await.problem(429, "too_many_requests");
    app.wait(TimeDelta::hours(1));
    exhaust(&ann).await;
}

#[tokio::test]
async fn hammering_does_not_make_the_wait_longer() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    exhaust(&ann).await;
    for _ in 0..50 {
        assert_eq!(ann.try_password(OTHER_PASSWORD).await.problem(429, "too_many_requests").retry_after(), 1);
    }
    app.wait(TimeDelta::seconds(1));
    ann.login().await.session();
}

#[tokio::test]
async fn names_that_do_not_exist_are_treated_like_those_that_do() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.user("ann").await;
    account.invited(json!({ "username": "invited" })).await;
    let disabled = account.user("disabled").await;
    account.act_on(&disabled, "disable").await.empty(204);
    for round in 0..3 * FREE {
        let mut seen = Vec::new();
        for (account, username) in
            [("acme", "ann"), ("acme", "nobody"), ("nowhere", "ann"), ("acme", "invited"), ("acme", "disabled")]
        {
            let reply = guess(&app, account, username).await;
            let problem = crate::support::Problem::of(&reply);
            seen.push((reply.status, reply.header("retry-after").to_owned(), problem.without_instance()));
        }
        assert!(seen.iter().all(|reply| *reply == seen[0]), "round {round}: {seen:?}");
        app.wait(TimeDelta::milliseconds(300));
    }
}

#[tokio::test]
async fn a_name_is_one_name_in_every_spelling() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("Zoë Müller").await;
    for number in 0..FREE {
        let spellings = ["zoë müller", " ZOË MÜLLER ", "Zoe\u{308} Mu\u{308}ller", "Ｚｏë Müller"];
        let slug = ["acme", "ACME", " acme"][number % 3];
        guess(&app, slug, spellings[number % spellings.len()]).await.problem(401, "invalid_credentials");
    }
    ann.login().await.problem(429, "too_many_requests");
}

#[tokio::test]
async fn nobody_else_has_to_wait() {
    let app = TestApp::start().await;
    let (here, there) = (app.account("here").await, app.account("there").await);
    let (ann, bob, other_ann) = (here.user("ann").await, here.user("bob").await, there.user("ann").await);
    exhaust(&ann).await;
    ann.login().await.problem(429, "too_many_requests");
    bob.login().await.session();
    other_ann.login().await.session();
}

#[tokio::test]
async fn who_is_signed_in_stays_so() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let session = ann.login().await.session();
    exhaust(&ann).await;
    session.me().await.ok(200);
    session.refresh().await.session();
}

#[tokio::test]
async fn a_login_under_way_goes_on() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    exhaust(&ann).await;
    login.enroll().await.1.result.session();
}

#[tokio::test]
async fn an_administrator_lifts_the_wait() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    // Before and after she has signed in from where she is.
    for _ in 0..2 {
        exhaust(&ann).await;
        ann.login().await.problem(429, "too_many_requests");
        account.act_on(&ann, "unlock").await.empty(204);
        ann.login().await.session();
        account.act_on(&ann, "unlock").await.empty(204);
    }
}

#[tokio::test]
async fn of_a_hundred_parallel_guesses_no_more_are_answered_than_of_guesses_in_turn() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    for (slug, name) in [("acme", "ann"), ("acme", "nobody"), ("nowhere", "nobody")] {
        let replies = in_parallel(100, |_| guess(&app, slug, name)).await;
        let counts = statuses(&replies);
        assert_eq!(counts["401 invalid_credentials"], FREE, "{name}: {counts:?}");
        assert_eq!(counts["429 too_many_requests"], 100 - FREE, "{name}: {counts:?}");
    }
    app.wait(TimeDelta::seconds(1));
    ann.login().await.session();
}

#[tokio::test]
async fn parallel_right_passwords_do_not_stand_in_each_others_way() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    for reply in in_parallel(100, |_| ann.login()).await {
        reply.session();
    }
}

#[tokio::test]
async fn a_wait_outlives_a_restart() {
    let mut app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    exhaust(&ann).await;
    app.restart().await;
    ann.login().await.problem(429, "too_many_requests");
    app.wait(TimeDelta::seconds(1));
    ann.login().await.session();
}

#[tokio::test]
async fn a_clock_set_back_does_not_make_the_wait_endless() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    exhaust(&ann).await;
    app.wait(TimeDelta::seconds(-300));
    let wait = ann.login().await.problem(429, "too_many_requests").retry_after();
    assert!(wait <= 900, "{wait}");
    app.wait(TimeDelta::seconds(wait));
    ann.login().await.session();
    exhaust(&ann).await;
    app.wait(TimeDelta::days(-300));
    ann.login().await.session();
}

#[tokio::test]
async fn a_wrong_current_password_is_a_guess_too() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let session = ann.login().await.session();
    let change = |current: &str| json!({ "current_password": current, "new_password": "seven slow Otters, 3 boats" });
    for _ in 0..FREE {
        session.post("/v1/me/password", change(OTHER_PASSWORD)).await.problem(401, "invalid_credentials");
    }
    session.post("/v1/me/password", change(PASSWORD)).await.problem(429, "too_many_requests");
    // Nobody outside can bring this about, and it does not shut the owner out.
    ann.login().await.session();
    app.wait(TimeDelta::seconds(1));
    session.post("/v1/me/password", change(PASSWORD)).await.empty(204);
}

#[tokio::test]
async fn guesses_of_strangers_do_not_stop_who_is_signed_in() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let session = ann.login().await.session();
    exhaust(&ann).await;
    session.reauthenticate(json!({ "password": PASSWORD })).await.ok(200);
    let change = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    session.post("/v1/me/password", change).await.empty(204);
}
