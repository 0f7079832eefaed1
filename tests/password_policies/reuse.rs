//! Passwords that were used before.

use serde_json::json;

use super::{Policies, codes, days};
use crate::support::{Reply, Session, TestApp, User};

fn password(number: usize) -> String {
    format!("the {number}th phrase of somebody patient")
}

async fn change(session: &Session, from: usize, to: usize) -> Reply {
    let body = json!({ "current_password": password(from), "new_password": password(to) });
    session.post("/v1/me/password", body).await
}

#[track_caller]
fn reused(reply: &Reply) {
    let refused = reply.problem(422, "password_refused");
    assert_eq!(codes(&refused["errors"]), ["reused"]);
    // Which one it was is not said.
    assert_eq!(refused["errors"][0]["message"], "You have used this password before: choose a new one.");
}

async fn somebody(policies: &Policies) -> (User, Session) {
    let ann = policies.account.invited(json!({ "username": "ann" })).await;
    ann.remember_password(&password(0));
    ann.activate(ann.activation_code()).await.empty(204);
    let session = ann.login().await.session();
    (ann, session)
}

#[tokio::test]
async fn changing_once_more_than_is_remembered_does_not_lead_back() {
    for remember_last in [0, 1, 3, 24] {
        let app = TestApp::start().await;
        let policies = Policies::of(&app, "acme").await;
        policies.set_default(json!({ "remember_last": remember_last })).await;
        let (_, session) = somebody(&policies).await;
        for number in 0..remember_last {
            change(&session, number, number + 1).await.empty(204);
        }
        // The change after these, to any of those that were there.
        for back in 0..=remember_last {
            reused(&change(&session, remember_last, back).await);
        }
        change(&session, remember_last, remember_last + 1).await.empty(204);
        // One later the first has been forgotten; the second has not.
        if remember_last > 0 {
            reused(&change(&session, remember_last + 1, 1).await);
        }
        change(&session, remember_last + 1, 0).await.empty(204);
    }
}

#[tokio::test]
async fn the_password_of_the_first_day_counts_when_remembering_is_switched_on() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let (_, session) = somebody(&policies).await;
    policies.set_default(json!({ "remember_last": 2 })).await;
    change(&session, 0, 1).await.empty(204);
    reused(&change(&session, 1, 0).await);
}

#[tokio::test]
async fn what_is_remembered_shrinks_with_the_number() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "remember_last": 5 })).await;
    let (_, session) = somebody(&policies).await;
    for number in 0..5 {
        change(&session, number, number + 1).await.empty(204);
    }
    reused(&change(&session, 5, 0).await);
    policies.set_default(json!({ "remember_last": 2 })).await;
    // Hashes that are gone do not come back with a greater number.
    policies.set_default(json!({ "remember_last": 24 })).await;
    reused(&change(&session, 5, 3).await);
    change(&session, 5, 2).await.empty(204);
}

#[tokio::test]
async fn every_way_to_a_new_password_looks_at_the_earlier_ones() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "remember_last": 3, "expires_after_days": 30 })).await;
    let (ann, session) = somebody(&policies).await;
    change(&session, 0, 1).await.empty(204);
    // A code for who has a password already.
    let sent = policies.account.act_on(&ann, "send-activation").await.ok(200);
    let code = sent["code"].as_str().unwrap();
    for old in [0, 1] {
        ann.remember_password(&password(old));
        reused(&ann.activate(code).await);
    }
    ann.remember_password(&password(2));
    ann.activate(code).await.empty(204);
    // The step of a login.
    app.wait(days(30));
    let login = ann.login().await.challenge("password_change");
    for old in [0, 1, 2] {
        reused(&login.new_password(&password(old)).await);
    }
    login.new_password(&password(3)).await.session();
    ann.remember_password(&password(3));
    let session = ann.login().await.session();
    reused(&change(&session, 3, 0).await);
}

#[tokio::test]
async fn all_that_is_wrong_comes_at_once() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let (_, session) = somebody(&policies).await;
    policies.set_default(json!({ "strength": "advanced" })).await;
    let refused = change(&session, 0, 0).await.problem(422, "password_refused");
    assert_eq!(codes(&refused["errors"]), ["needs_uppercase", "reused"]);
}
