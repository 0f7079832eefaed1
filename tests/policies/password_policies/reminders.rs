//! Reminds users in time that their password expires.

use serde_json::json;

use super::{Policies, days};
use crate::support::TestApp;

/// What was queued: the days of each message and its expiry, in their order.
fn told(app: &TestApp) -> Vec<(u64, String)> {
    let payloads = app.look_into_database("SELECT payload FROM outbox WHERE kind = 'password_expires' ORDER BY id");
    let payloads = payloads.iter().map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
    payloads.map(|it| (it["days"].as_u64().unwrap(), it["expires_at"].as_str().unwrap().to_owned())).collect()
}

#[tokio::test]
async fn a_reminder_is_queued_once_14_7_and_1_days_before() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "expires_after_days": 90 })).await;
    let ann = policies.account.user("ann").await;
    policies.account.invited(json!({ "username": "without-password" })).await;
    let gone = policies.account.user("gone").await;
    policies.account.act_on(&gone, "disable").await.empty(204);
    // Where nothing expires nobody is told.
    app.account("other").await.user("bob").await;
    let mut queued = Vec::new();
    for day in 0..=95 {
        let now = app.service().queue_password_reminders().await.unwrap();
        assert_eq!(app.service().queue_password_reminders().await.unwrap(), 0, "once");
        if now > 0 {
            queued.push((day, now));
        }
        app.wait(days(1));
    }
    assert_eq!(queued, [(76, 1), (83, 1), (89, 1)]);
    let login = ann.login().await.challenge("password_change");
    login.new_password(crate::support::OTHER_PASSWORD).await.session();
    app.wait(days(76));
    assert_eq!(
        app.service().queue_password_reminders().await.unwrap(),
        1,
        "the next password has reminders of its own"
    );
}

#[tokio::test]
async fn a_missed_reminder_is_made_up_for_by_the_latest() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "expires_after_days": 90 })).await;
    policies.account.user("ann").await;
    app.wait(days(89));
    let nodes = [app.service(), app.service(), app.service(), app.service()];
    let runs = nodes.iter().map(service::Service::queue_password_reminders);
    let queued = futures_util::future::join_all(runs).await;
    let queued: usize = queued.into_iter().map(Result::unwrap).sum();
    assert_eq!(queued, 1, "however many nodes look at once");
}

#[tokio::test]
async fn a_reminder_that_comes_late_says_the_days_that_are_left() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "expires_after_days": 90 })).await;
    policies.account.user("ann").await;
    let expires_at = (app.now() + days(90)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let mut day = 0;
    // Nobody looked on the days 76, 83 and 84.
    for (at, expected) in [(75, None), (80, Some(10)), (81, None), (85, Some(5)), (88, None), (89, Some(1)), (95, None)]
    {
        app.wait(days(at - day));
        day = at;
        let before = told(&app).len();
        app.service().queue_password_reminders().await.unwrap();
        let new: Vec<_> = told(&app).split_off(before);
        let expected: Vec<_> = expected.map(|left| (left, expires_at.clone())).into_iter().collect();
        assert_eq!(new, expected, "day {at}");
    }
}

#[tokio::test]
async fn a_policy_that_changes_moves_the_reminders_along() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "expires_after_days": 90 })).await;
    policies.account.user("ann").await;
    let changed_at = app.now();
    let expiry = |after: i64| (changed_at + days(after)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    app.wait(days(70));
    app.service().queue_password_reminders().await.unwrap();
    assert_eq!(told(&app), []);
    // Three days are left at once: one message, and it says three.
    policies.set_default(json!({ "expires_after_days": 73 })).await;
    app.service().queue_password_reminders().await.unwrap();
    assert_eq!(told(&app), [(3, expiry(73))]);
    // More time: nothing until it comes near again, and then with the new day.
    policies.set_default(json!({ "expires_after_days": 100 })).await;
    app.service().queue_password_reminders().await.unwrap();
    assert_eq!(told(&app).len(), 1);
    app.wait(days(16));
    app.service().queue_password_reminders().await.unwrap();
    assert_eq!(told(&app)[1..], [(14, expiry(100))]);
    // Never: nothing any more.
    policies.set_default(json!({})).await;
    app.wait(days(10));
    app.service().queue_password_reminders().await.unwrap();
    assert_eq!(told(&app).len(), 2);
}
