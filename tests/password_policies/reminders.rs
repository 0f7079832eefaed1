//! Telling people in time that their password expires.

use serde_json::json;

use super::{Policies, days};
use crate::support::TestApp;

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
