//! Guessing from one address, over many names, gets slower too.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{OTHER_PASSWORD, Reply, TestApp, User, in_parallel, statuses};

/// Wrong passwords that cost an address no wait, in these tests.
const FREE: usize = 10;

async fn start() -> TestApp {
    TestApp::with(|config| {
        config.throttle.password_from_source.free = Some(u32::try_from(FREE).unwrap());
        config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

/// A wrong password for a name that nobody has tried before.
async fn guess(app: &TestApp, from: &str, number: usize) -> Reply {
    let body = json!({ "account": "acme", "username": format!("user {number}"), "password": OTHER_PASSWORD });
    app.call("POST", "/v1/login").header("x-forwarded-for", from).json(&body).send().await
}

async fn login(user: &User, from: &str) -> Reply {
    user.login_call(&user.password()).header("x-forwarded-for", from).send().await
}

#[tokio::test]
async fn who_tries_many_names_has_to_wait_and_nobody_else() {
    let app = start().await;
    let ann = app.account("acme").await.user("ann").await;
    for number in 0..FREE {
        guess(&app, "203.0.113.7", number).await.problem(401, "invalid_credentials");
    }
    assert_eq!(guess(&app, "203.0.113.7", 99).await.problem(429, "too_many_requests").retry_after(), 1);
    login(&ann, "203.0.113.7").await.problem(429, "too_many_requests");
    login(&ann, "203.0.113.8").await.session();
    // What stands left of the proxy's own entry may be made up.
    login(&ann, "198.51.100.1, 203.0.113.7").await.problem(429, "too_many_requests");
    app.wait(TimeDelta::seconds(1));
    login(&ann, "203.0.113.7").await.session();
}

#[tokio::test]
async fn a_right_password_does_not_forgive_the_wrong_ones_of_its_address() {
    let app = start().await;
    let ann = app.account("acme").await.user("ann").await;
    for number in 0..FREE {
        login(&ann, "203.0.113.7").await.session();
        guess(&app, "203.0.113.7", number).await.problem(401, "invalid_credentials");
    }
    login(&ann, "203.0.113.7").await.problem(429, "too_many_requests");
}

#[tokio::test]
async fn right_passwords_are_not_counted_however_many() {
    let app = start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    for reply in in_parallel(10 * FREE, |_| login(&ann, "203.0.113.7")).await {
        reply.session();
    }
    guess(&app, "203.0.113.7", 0).await.problem(401, "invalid_credentials");
}

#[tokio::test]
async fn a_network_of_ipv6_is_one_address() {
    let app = start().await;
    for number in 0..FREE {
        guess(&app, &format!("2001:db8:1:2::{number:x}"), number).await.problem(401, "invalid_credentials");
    }
    guess(&app, "2001:db8:1:2:ffff:ffff:ffff:ffff", 98).await.problem(429, "too_many_requests");
    guess(&app, "2001:db8:1:3::1", 99).await.problem(401, "invalid_credentials");
}

#[tokio::test]
async fn of_parallel_guesses_from_one_address_no_more_are_answered() {
    let app = start().await;
    let replies = in_parallel(100, |number| guess(&app, "203.0.113.7", number)).await;
    let counts = statuses(&replies);
    assert_eq!(counts["401 invalid_credentials"], FREE, "{counts:?}");
    assert_eq!(counts["429 too_many_requests"], 100 - FREE, "{counts:?}");
}

#[tokio::test]
async fn without_a_trusted_proxy_nobody_chooses_an_address() {
    let app = TestApp::with(|config| config.throttle.password_from_source.free = Some(3)).await;
    for number in 0..3 {
        guess(&app, &format!("203.0.113.{number}"), number).await.problem(401, "invalid_credentials");
    }
    guess(&app, "203.0.113.99", 99).await.problem(429, "too_many_requests");
}

mod slow {
    use super::guess;
    use crate::support::TestApp;

    #[tokio::test]
    async fn two_hundred_are_free_by_default() {
        let app = TestApp::start().await;
        for number in 0..200 {
            guess(&app, "-", number).await.problem(401, "invalid_credentials");
        }
        guess(&app, "-", 200).await.problem(429, "too_many_requests");
    }
}
