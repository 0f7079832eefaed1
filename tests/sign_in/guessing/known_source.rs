//! Lockout is no weapon: a user who signs in from a known network is not stopped by what strangers do elsewhere.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{OTHER_PASSWORD, Reply, TestApp, User};

/// Wrong passwords that cost no wait.
const FREE: usize = 20;
const HOME: &str = "203.0.113.7";
const ELSEWHERE: &str = "198.51.100.66";

async fn start() -> TestApp {
    TestApp::with(|config| config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).await
}

async fn login(user: &User, from: &str) -> Reply {
    user.login_call(&user.password()).header("x-forwarded-for", from).send().await
}

async fn guess(user: &User, from: &str) -> Reply {
    user.login_call(OTHER_PASSWORD).header("x-forwarded-for", from).send().await
}

async fn exhaust(user: &User, from: &str) {
    for _ in 0..FREE {
        guess(user, from).await.problem(401, "invalid_credentials");
    }
}

#[tokio::test]
async fn strangers_elsewhere_do_not_stop_the_user_at_home() {
    let app = start().await;
    let ann = app.account("acme").await.user("ann").await;
    login(&ann, HOME).await.session();
    exhaust(&ann, ELSEWHERE).await;
    login(&ann, ELSEWHERE).await.problem(429, "too_many_requests");
    login(&ann, "198.51.100.67").await.problem(429, "too_many_requests");
    login(&ann, HOME).await.session();
    // That was no proof for the strangers.
    login(&ann, ELSEWHERE).await.problem(429, "too_many_requests");
}

#[tokio::test]
async fn who_guesses_at_home_has_to_wait_there() {
    let app = start().await;
    let ann = app.account("acme").await.user("ann").await;
    login(&ann, HOME).await.session();
    exhaust(&ann, HOME).await;
    assert_eq!(login(&ann, HOME).await.problem(429, "too_many_requests").retry_after(), 1);
    app.wait(TimeDelta::seconds(1));
    login(&ann, HOME).await.session();
    exhaust(&ann, HOME).await;
}

#[tokio::test]
async fn the_home_of_one_user_is_not_that_of_another() {
    let app = start().await;
    let account = app.account("acme").await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    login(&ann, HOME).await.session();
    login(&bob, ELSEWHERE).await.session();
    exhaust(&ann, ELSEWHERE).await;
    login(&ann, ELSEWHERE).await.problem(429, "too_many_requests");
    login(&bob, ELSEWHERE).await.session();
}

#[tokio::test]
async fn a_password_without_the_second_factor_makes_no_home() {
    let app = start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    // A thief of the password gets as far as the code.
    login(&ann, HOME).await.challenge("totp_enrollment").enroll().await.1.result.session();
    login(&ann, ELSEWHERE).await.challenge("totp");
    exhaust(&ann, "192.0.2.1").await;
    login(&ann, ELSEWHERE).await.problem(429, "too_many_requests");
    login(&ann, HOME).await.challenge("totp");
}

#[tokio::test]
async fn a_reset_forgets_the_home() {
    let app = start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    login(&ann, HOME).await.session();
    account.act_on(&ann, "reset-two-factor").await.empty(204);
    exhaust(&ann, ELSEWHERE).await;
    login(&ann, HOME).await.problem(429, "too_many_requests");
}

#[tokio::test]
async fn the_replies_do_not_tell_a_home_from_a_name_that_does_not_exist() {
    let app = start().await;
    let ann = app.account("acme").await.user("ann").await;
    login(&ann, HOME).await.session();
    for _ in 0..FREE + 5 {
        let known = guess(&ann, HOME).await;
        let body = json!({ "account": "acme", "username": "nobody", "password": OTHER_PASSWORD });
        let unknown = app.call("POST", "/v1/login").header("x-forwarded-for", HOME).json(&body).send().await;
        assert_eq!(known.status, unknown.status);
        let [known, unknown] = [&known, &unknown].map(|reply| crate::support::Problem::of(reply).without_instance());
        assert_eq!(known, unknown);
        app.wait(TimeDelta::milliseconds(300));
    }
}
