//! Rejects more sign-ins than the machine can hash at once, whoever they are for.

use serde_json::json;

use crate::support::{OTHER_PASSWORD, TestApp, in_parallel, statuses};

#[tokio::test]
async fn a_full_queue_answers_503_and_counts_nobody_as_wrong() {
    let app = TestApp::with(|config| {
        config.password_hashing.weak_for_tests = false;
        config.password_hashing.queue_length = 2;
        config.throttle.password_of_user.free = Some(1_000);
        config.throttle.password_from_source.free = Some(1_000);
    })
    .await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;

    let right = in_parallel(100, |_| ann.login()).await;
    let counts = statuses(&right);
    assert!(counts["200"] >= 1 && counts["503 overloaded"] >= 1, "{counts:?}");
    assert_eq!(counts["200"] + counts["503 overloaded"], 100, "{counts:?}");
    let guess = json!({ "account": "nowhere", "username": "nobody", "password": OTHER_PASSWORD });
    let wrong = in_parallel(100, |_| app.call("POST", "/v1/login").json(&guess).send()).await;
    let counts = statuses(&wrong);
    assert!(counts["401 invalid_credentials"] >= 1 && counts["503 overloaded"] >= 1, "{counts:?}");
    assert_eq!(counts["401 invalid_credentials"] + counts["503 overloaded"], 100, "{counts:?}");

    let refused = |replies: &[crate::support::Reply]| {
        let reply = replies.iter().find(|reply| reply.status == 503).unwrap();
        reply.problem(503, "overloaded").without_instance()
    };
    assert_eq!(refused(&right), refused(&wrong), "the reply tells nothing of the name");
    // What needs no hash was never in the way, and the rush is over.
    ann.login().await.session().me().await.ok(200);
}
