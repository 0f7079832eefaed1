//! The lifetime of a session.

use chrono::{TimeDelta, Utc};

use crate::support::TestApp;

#[tokio::test]
async fn a_session_that_is_not_refreshed_ends_after_a_week() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let (used, idle) = (ann.login().await.session(), ann.login().await.session());
    app.wait(TimeDelta::days(6));
    let used = used.refresh().await.session();
    app.wait(TimeDelta::days(1) - TimeDelta::milliseconds(1));
    let almost = ann.login().await.session();
    app.wait(TimeDelta::milliseconds(1));
    idle.refresh().await.problem(401, "invalid_token");
    used.refresh().await.session();
    almost.me().await.ok(200);
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_much_it_is_used() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let mut session = ann.login().await.session();
    let end = session.body["session"]["expires_at"].clone();
    for _ in 0..5 {
        app.wait(TimeDelta::days(6) - TimeDelta::minutes(1));
        session = session.refresh().await.session();
        assert_eq!(session.body["session"]["expires_at"], end);
    }
    assert_eq!(session.body["session"]["idle_expires_at"], end, "idleness ends with the session");
    // Five minutes are left: the access token does not outlive its session.
    assert_eq!(session.body["expires_in"], 300);
    let expires: chrono::DateTime<Utc> = serde_json::from_value(end).unwrap();
    assert_eq!(session.claims()["exp"], expires.timestamp());
    app.wait(TimeDelta::minutes(5) - TimeDelta::milliseconds(1));
    session.me().await.ok(200);
    app.wait(TimeDelta::milliseconds(1));
    session.me().await.problem(401, "invalid_token");
    session.refresh().await.problem(401, "invalid_token");
}

#[tokio::test]
async fn lifetimes_are_those_of_the_configuration() {
    let app = TestApp::with(|config| {
        config.tokens.session_idle_seconds = 3_600;
        config.tokens.session_absolute_seconds = 7_200;
    })
    .await;
    let ann = app.account("acme").await.user("ann").await;
    let session = ann.login().await.session();
    let idle = ann.login().await.session();
    app.wait(TimeDelta::minutes(59));
    let session = session.refresh().await.session();
    app.wait(TimeDelta::minutes(1));
    idle.refresh().await.problem(401, "invalid_token");
    app.wait(TimeDelta::minutes(55));
    let session = session.refresh().await.session();
    app.wait(TimeDelta::minutes(5));
    session.me().await.problem(401, "invalid_token");
}

#[tokio::test]
async fn a_clock_set_back_makes_no_token_count_before_its_time() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let session = ann.login().await.session();
    app.wait(TimeDelta::minutes(-1));
    session.me().await.problem(401, "invalid_token");
    app.wait(TimeDelta::minutes(1));
    session.me().await.ok(200);
}
