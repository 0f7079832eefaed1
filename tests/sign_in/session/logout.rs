//! Signs out.

use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn it_counts_at_once_for_every_token_of_the_session_and_no_other() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let (first, other) = (ann.login().await.session(), ann.login().await.session());
    let second = first.refresh().await.session();
    second.logout().await.empty(204);
    for session in [&first, &second] {
        session.me().await.problem(401, "invalid_token");
        session.refresh().await.problem(401, "invalid_token");
        session.logout().await.problem(401, "invalid_token");
    }
    other.me().await.ok(200);
    ann.login().await.session().me().await.ok(200);
}

#[tokio::test]
async fn it_needs_an_access_token() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let session = ann.login().await.session();
    app.call("POST", "/v1/logout").send().await.problem(401, "invalid_token");
    app.call("POST", "/v1/logout").bearer(&session.refresh_token).send().await.problem(401, "invalid_token");
    session.me().await.ok(200);
}

#[tokio::test]
async fn it_outlives_a_restart() {
    let mut app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let session = ann.login().await.session();
    session.logout().await.empty(204);
    app.restart().await;
    session.me().await.problem(401, "invalid_token");
    session.refresh().await.problem(401, "invalid_token");
}

#[tokio::test]
async fn a_refresh_that_races_with_it_does_not_bring_the_session_back() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    for _ in 0..10 {
        let session = ann.login().await.session();
        let replies =
            in_parallel(2, async |number| if number == 0 { session.logout().await } else { session.refresh().await })
                .await;
        let counts = statuses(&replies);
        assert_eq!(counts.get("204"), Some(&1), "{counts:?}");
        session.me().await.problem(401, "invalid_token");
        for reply in replies.iter().filter(|reply| reply.status == 200) {
            reply.session().me().await.problem(401, "invalid_token");
            reply.session().refresh().await.problem(401, "invalid_token");
        }
    }
}
