//! Whatever is wrong with a sign-in, the reply takes as long.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp};

/// Enough for a median that noise does not move far.
const ROUNDS: usize = 30;

/// What is wrong, with what is typed: `(account, user, password)`.
const MISTAKES: [(&str, [&str; 3]); 5] = [
    ("a wrong password", ["acme", "ann", OTHER_PASSWORD]),
    ("an unknown user", ["acme", "nobody", PASSWORD]),
    ("an unknown account", ["nowhere", "ann", PASSWORD]),
    ("a disabled user", ["acme", "disabled", PASSWORD]),
    ("a user without a password", ["acme", "invited", PASSWORD]),
];

/// A hash that is left out would make a reply some ten times as fast. Times are taken in turn, so that whatever else the
/// machine does slows all of them, and medians are compared with so much room that chance alone does not fail the test.
#[tokio::test]
async fn the_median_times_of_all_mistakes_are_alike() {
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
    let medians = times.map(|times| median(&times));
    for ((what, _), time) in MISTAKES.iter().zip(&medians) {
        let ratio = time.as_secs_f64() / medians[0].as_secs_f64();
        assert!((0.5..2.0).contains(&ratio), "{what} takes {time:?}; all: {medians:?}");
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}
