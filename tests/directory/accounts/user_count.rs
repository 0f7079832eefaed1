//! The stored count equals the actual number of users.

use serde_json::json;

use crate::support::{TestApp, in_parallel};

/// What is kept and what is there, of every account that has ever been.
fn counts(app: &TestApp) -> Vec<(String, String)> {
    let kept = "SELECT CAST(user_count AS TEXT) FROM user_quotas ORDER BY account_id";
    let real = "SELECT CAST((SELECT count(*) FROM users u WHERE u.account_id = q.account_id) AS TEXT)
        FROM user_quotas q ORDER BY account_id";
    app.look_into_database(kept).into_iter().zip(app.look_into_database(real)).collect()
}

#[track_caller]
fn are_right(app: &TestApp, after: &str) {
    let counts = counts(app);
    assert!(counts.iter().all(|(kept, real)| kept == real), "after {after}: {counts:?}");
}

#[tokio::test]
async fn whatever_happens_at_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let gone = app.account("gone").await;
    let root = app.platform_admin().await;
    root.patch(&account.path(""), json!({ "limits": { "max_users": 40 } })).await.ok(200);
    let session = root.session().await;
    let path = account.path("/users");

    // Names that are taken, names that are bad, a plan that gets full.
    let mut ids = Vec::new();
    let replies = in_parallel(80, |number| {
        let name = if number % 5 == 0 { "\u{7}".to_owned() } else { format!("user {}", number / 2) };
        session.post(&path, json!({ "username": name }))
    })
    .await;
    for reply in replies.iter().filter(|reply| reply.status == 201) {
        ids.push(reply.json()["user"]["id"].as_str().unwrap().to_owned());
    }
    assert!(ids.len() > 20, "{}", ids.len());
    are_right(&app, "users were created");

    // Deleted, some of them twice, while others come and a file is imported.
    let mut lines: Vec<_> = (0..60).map(|number| json!({ "username": format!("imported {}", number / 2) })).collect();
    lines.push(json!({ "username": "user 1" }));
    lines.push(json!("no record"));
    let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
    let call = session.call("POST", &account.path("/user-imports")).file("application/x-ndjson", lines.join("\n"));
    call.send().await.ok(202);
    in_parallel(60, async |number| {
        if number % 3 == 0 {
            session.post(&path, json!({ "username": format!("more {number}") })).await;
        } else {
            let id = &ids[number / 2 % ids.len()];
            session.call("DELETE", &format!("{path}/{id}")).send().await;
        }
    })
    .await;
    let since = std::time::Instant::now();
    while app.look_into_database("SELECT status FROM user_imports") != ["done"] {
        assert!(since.elapsed().as_secs() < 60);
        crate::support::process::pause(std::time::Duration::from_millis(5));
    }
    are_right(&app, "users were deleted and imported");
    let account = root.get(&account.path("")).await.ok(200);
    assert!(account["user_count"].as_u64().unwrap() <= 40, "{account}");

    // An account that is gone, and the operator, who is counted too.
    gone.user("ann").await;
    root.delete(&gone.path("?delay_days=1")).await.ok(202);
    app.wait(chrono::TimeDelta::days(2));
    assert_eq!(app.service().purge_accounts().await, Ok(1));
    app.service().init_platform_administrator("second").await.unwrap();
    are_right(&app, "an account was deleted");
    assert_eq!(counts(&app).len(), 2);
}
