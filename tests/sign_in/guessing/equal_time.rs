//! Whatever is wrong with a sign-in, the reply takes the same time.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp, in_parallel};

/// Enough for a quarter that noise has left alone.
const ROUNDS: usize = 30;

/// What is wrong, with what is typed: `(account, user, password)`.
const MISTAKES: [(&str, [&str; 3]); 7] = [
    ("a wrong password", ["acme", "ann", OTHER_PASSWORD]),
    ("an unknown user", ["acme", "nobody", PASSWORD]),
    ("an unknown account", ["nowhere", "ann", PASSWORD]),
    ("a disabled user", ["acme", "disabled", PASSWORD]),
    ("a user without a password", ["acme", "invited", PASSWORD]),
    ("a suspended account", ["suspended", "ann", PASSWORD]),
    ("an account that is being deleted", ["deleting", "ann", PASSWORD]),
];

/// A hash of another cost than today's, which no hash in place of a missing one can match.
#[tokio::test]
async fn a_failed_sign_in_takes_its_time_whatever_the_hash_costs() {
    let mut app = TestApp::start().await;
    app.account("acme").await.user("ann").await;
    app.restart_with(|config| {
        config.password_hashing.weak_for_tests = false;
        config.login.failed_takes_milliseconds = 700;
    })
    .await;
    let mistakes: Vec<_> =
        MISTAKES.iter().map(|(_, typed)| typed).filter(|[slug, ..]| ["acme", "nowhere"].contains(slug)).collect();
    let times = in_parallel(mistakes.len(), async |number| {
        let [account, username, password] = mistakes[number];
        let body = json!({ "account": account, "username": username, "password": password });
        let started = Instant::now();
        app.call("POST", "/v1/login").json(&body).send().await.problem(401, "invalid_credentials");
        started.elapsed()
    })
    .await;
    assert!(times.iter().all(|time| *time >= Duration::from_millis(700)), "{times:?}");
}

fn lower_quartile(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 4]
}

mod slow {
    use std::time::Instant;

    use serde_json::json;

    use super::{MISTAKES, ROUNDS, lower_quartile};
    use crate::support::TestApp;

    /// A hash that is left out would make a reply some ten times as fast. Times are taken in turn, so that whatever else the
    /// machine does slows all of them; it only ever slows them, so the faster ones tell most; and they are compared with so
    /// much room that chance alone does not fail the test.
    #[tokio::test]
    async fn the_times_of_all_mistakes_are_alike() {
        let app = TestApp::with(|config| {
            config.password_hashing.weak_for_tests = false;
            config.throttle.password_of_user.free = Some(1_000);
            config.throttle.password_from_source.free = Some(1_000);
        })
        .await;
        let account = app.account("acme").await;
        account.user("ann").await;
        account.invited(json!({ "username": "invited" })).await;
        let disabled = account.user("disabled").await;
        account.act_on(&disabled, "disable").await.empty(204);
        let (suspended, deleting) = (app.account("suspended").await, app.account("deleting").await);
        suspended.user("ann").await;
        deleting.user("ann").await;
        let root = app.platform_admin().await;
        root.act(&suspended.path("/actions/suspend")).await.empty(204);
        root.delete(&deleting.path("")).await.ok(202);

        let mut times = [const { Vec::new() }; MISTAKES.len()];
        for _ in 0..ROUNDS {
            for ((_, [account, username, password]), times) in MISTAKES.iter().zip(&mut times) {
                let call = app.call("POST", "/v1/login");
                let call = call.json(&json!({ "account": account, "username": username, "password": password }));
                let started = Instant::now();
                let reply = call.send().await;
                times.push(started.elapsed());
                reply.problem(401, "invalid_credentials");
            }
        }
        let usual = times.map(|times| lower_quartile(&times));
        for ((what, _), time) in MISTAKES.iter().zip(&usual) {
            let ratio = time.as_secs_f64() / usual[0].as_secs_f64();
            assert!((0.33..3.0).contains(&ratio), "{what} takes {time:?}; all: {usual:?}");
        }
    }
}
