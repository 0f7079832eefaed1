//! The list: order, pages, filters, and who may read it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{actions, events, events_of};
use crate::support::{TestApp, all_pages};

#[tokio::test]
async fn the_list_is_paged_from_the_newest_event_to_the_first() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    for number in 0..7 {
        account.invited(json!({ "username": format!("user {number}") })).await;
    }
    let sequences =
        |events: &[Value]| -> Vec<_> { events.iter().map(|event| event["sequence"].as_u64().unwrap()).collect() };
    let by_four = all_pages(&root, &account.path("/audit-events"), 4).await;
    assert_eq!(sequences(&by_four), (1..=15).rev().collect::<Vec<_>>());
    // What comes while somebody turns pages does not move them.
    let first = root.get(&account.path("/audit-events?limit=4")).await.ok(200);
    account.invited(json!({ "username": "late" })).await;
    let next = first["next_cursor"].as_str().unwrap();
    let second = root.get(&account.path(&format!("/audit-events?limit=4&cursor={next}"))).await.ok(200);
    assert_eq!(sequences(second["items"].as_array().unwrap()), [11, 10, 9, 8]);
}

#[tokio::test]
async fn filters_by_action_actor_target_outcome_and_time_can_be_combined() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user_with("ann", &["user_permissions", "audit_read"]).await;
    let bob = account.user("bob").await;
    app.wait(TimeDelta::hours(1));
    let later = app.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let act = |action: &str| account.path(&format!("/users/{}/actions/{action}", bob.id()));
    ann.act(&act("disable")).await.empty(204);
    ann.act(&act("enable")).await.empty(204);
    bob.try_password("wrong").await.problem(401, "invalid_credentials");

    let found = async |query: &str| {
        let page = ann.get(&account.path(&format!("/audit-events?{query}"))).await.ok(200);
        let items = page["items"].as_array().unwrap().clone();
        actions(&items).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found("action=user.enabled").await, ["user.enabled"]);
    assert_eq!(
        found(&format!("actor={}&from={later}", ann.id())).await,
        ["user.enabled", "user.disabled", "session.started"]
    );
    assert_eq!(
        found(&format!("target={}&from={later}", bob.id())).await,
        ["login.failed", "user.enabled", "user.disabled"]
    );
    assert_eq!(found("outcome=failure").await, ["login.failed"]);
    assert_eq!(found("outcome=denied").await, [""; 0]);
    assert_eq!(found(&format!("action=user.disabled&to={later}")).await, [""; 0]);
    assert_eq!(found(&format!("action=user.created&to={later}")).await, ["user.created", "user.created"]);
    // An offset is as good as UTC.
    assert_eq!(found("action=user.enabled&from=2027-01-15T11:00:00%2B02:00").await, ["user.enabled"]);
}

#[tokio::test]
async fn what_is_no_filter_is_refused_and_named() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    for (query, parameter) in [
        ("action=user.exploded", "action"),
        ("actor=ann", "actor"),
        ("target=%00", "target"),
        ("outcome=good", "outcome"),
        ("from=yesterday", "from"),
        ("to=2026-11-24", "to"),
        ("from=-4713-01-01T00:00:00Z", "from"),
        ("from=%2B99999-01-01T00:00:00Z", "from"),
        ("cursor=YW5u", "cursor"),
        ("limit=0", "limit"),
    ] {
        let problem = root.get(&account.path(&format!("/audit-events?{query}"))).await;
        let problem = problem.problem(400, "malformed_request");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(&format!("`{parameter}`")), "{query}: {detail}");
    }
    root.get(&account.path("/audit-events/export?limit=1")).await.problem(400, "malformed_request");
    // The ends of what is taken.
    root.get(&account.path("/audit-events?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.999999999Z")).await.ok(200);
}

#[tokio::test]
async fn who_may_not_read_reads_nothing_and_an_administrator_of_another_account_finds_nothing() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let other = app.account("other").await;
    let all_but_this = ["account_settings", "password_management", "user_permissions"];
    let ann = account.user_with("ann", &all_but_this).await;
    let stranger = other.user_with("stranger", &["audit_read", "user_permissions"]).await;
    let reader = account.user_with("reader", &["audit_read"]).await;
    for path in ["/audit-events", "/audit-events/export", "/audit-events/verify"] {
        let path = account.path(path);
        let problem = ann.get(&path).await.problem(403, "permission_required");
        assert_eq!(problem["permission"], "audit_read");
        stranger.get(&path).await.problem(404, "not_found");
        app.call("GET", &path).send().await.problem(401, "invalid_token");
        assert_eq!(reader.get(&path).await.status, 200);
    }
    let nowhere = format!("/v1/accounts/{}/audit-events", stranger.id());
    let root = app.platform_admin().await;
    for path in [nowhere.clone(), format!("{nowhere}/export"), format!("{nowhere}/verify")] {
        root.get(&path).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn refusals_of_a_known_caller_are_told_and_fill_no_disk() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.sign_in().await;
    let left = events_of(&app, &account, async {
        for _ in 0..20 {
            session.get(&account.path("/users")).await.problem(403, "permission_required");
        }
        session.post("/v1/accounts", json!({ "slug": "x", "name": "X" })).await.problem(403, "permission_required");
    })
    .await;
    assert_eq!(actions(&left), ["access.denied"; 5]);
    assert!(left.iter().all(|event| event["outcome"] == "denied" && event["actor"]["name"] == "ann"), "{left:?}");
    let refusals: Vec<_> = left.iter().map(|event| event["details"]["refusals"].as_u64().unwrap()).collect();
    assert_eq!(refusals, [1, 2, 4, 8, 16]);
    let first = json!({
        "operation": "GET /v1/accounts/{account_id}/users",
        "permission": "user_permissions",
        "refusals": 1,
    });
    assert_eq!(left[0]["details"], first);
}

#[tokio::test]
async fn one_account_s_events_are_none_of_another_s() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let other = app.account("other").await;
    account.user("ann").await;
    assert!(events(&app, &account).await.len() > 1);
    assert_eq!(actions(&events(&app, &other).await), ["account.created"]);
}
