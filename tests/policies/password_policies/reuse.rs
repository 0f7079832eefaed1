//! Rejects passwords that were used before.

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
    assert_eq!(kept(&app), 5, "a change of the policy does not wait for all users");
    app.service().trim_password_history().await.unwrap();
    assert_eq!(kept(&app), 2);
    // Hashes that are gone do not come back with a greater number.
    policies.set_default(json!({ "remember_last": 24 })).await;
    reused(&change(&session, 5, 3).await);
    change(&session, 5, 2).await.empty(204);
}

/// Earlier passwords that the database holds.
fn kept(app: &TestApp) -> usize {
    app.look_into_database("SELECT password_hash FROM password_history").len()
}

/// Accounts in which earlier passwords are to be looked through.
fn to_look_through(app: &TestApp) -> usize {
    app.look_into_database("SELECT 'account' FROM password_history_trims").len()
}

#[tokio::test]
async fn what_is_kept_too_long_is_not_looked_at_in_the_meantime() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "remember_last": 5 })).await;
    let (_, session) = somebody(&policies).await;
    for number in 0..5 {
        change(&session, number, number + 1).await.empty(204);
    }
    policies.set_default(json!({ "remember_last": 2 })).await;
    reused(&change(&session, 5, 3).await);
    change(&session, 5, 2).await.empty(204);
    assert_eq!(kept(&app), 2, "with the change of a password the user's are trimmed");
}

#[tokio::test]
async fn earlier_passwords_are_looked_through_only_when_somebody_can_remember_less() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let session = policies.root.session().await;
    policies.set_default(json!({ "remember_last": 3 })).await;
    policies.set_default(json!({ "remember_last": 3, "expires_after_days": 90 })).await;
    policies.set_default(json!({ "remember_last": 6 })).await;
    let same = policies.create(json!({ "name": "Same", "strength": "basic", "remember_last": 6 })).await;
    policies.assign(&same, json!({ "permissions": ["account_settings"] })).await.ok(200);
    let role = json!({ "name": "Support", "permissions": ["account_settings"] });
    let role = session.post(&policies.account.path("/roles"), role).await.ok(201)["id"].as_str().unwrap().to_owned();
    session.call("DELETE", &policies.account.path(&format!("/roles/{role}"))).send().await.empty(204);
    policies.delete(&same).await.empty(204);
    assert_eq!(to_look_through(&app), 0);
    policies.set_default(json!({ "remember_last": 5 })).await;
    assert_eq!(to_look_through(&app), 1);
    app.service().trim_password_history().await.unwrap();
    assert_eq!(to_look_through(&app), 0);
}

#[tokio::test]
async fn whoever_comes_under_a_policy_that_remembers_less_is_remembered_less() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "remember_last": 1 })).await;
    let long = policies.create(json!({ "name": "Long", "strength": "basic", "remember_last": 24 })).await;
    policies
        .root
        .post("/v1/permissions", json!({ "name": "crm.invoices.read", "description": "Reads." }))
        .await
        .ok(201);
    let role_path = policies.account.path("/roles");
    let draft = |permissions: &[&str]| json!({ "name": "Support", "permissions": permissions });
    let (ann, session) = somebody(&policies).await;
    let (roles, permissions) = (
        policies.account.path(&format!("/users/{}/roles", ann.id())),
        policies.account.path(&format!("/users/{}/permissions", ann.id())),
    );
    let mut last = 0;
    for way in [
        "user unassigned",
        "role unassigned",
        "role taken",
        "role emptied",
        "role deleted",
        "permission revoked",
        "permission unregistered",
        "policy deleted",
    ] {
        let to_role = draft(if way == "role emptied" { &["crm.invoices.read"] } else { &[] });
        let role = policies.root.post(&role_path, to_role).await.ok(201)["id"].as_str().unwrap().to_owned();
        let role_path = format!("{role_path}/{role}");
        policies.root.put(&roles, json!({ "role_ids": [role] })).await.ok(200);
        policies.root.put(&permissions, json!({ "permissions": [] })).await.ok(200);
        let to_permission = json!({ "permissions": ["crm.invoices.read"] });
        let assignments = match way {
            "user unassigned" | "policy deleted" => json!({ "user_ids": [ann.id()] }),
            "role emptied" => to_permission.clone(),
            "permission revoked" | "permission unregistered" => {
                policies.root.put(&permissions, to_permission.clone()).await.ok(200);
                to_permission.clone()
            }
            _ => json!({ "role_ids": [role] }),
        };
        policies.assign(&long, assignments).await.ok(200);
        app.service().trim_password_history().await.unwrap();
        for _ in 0..4 {
            change(&session, last, last + 1).await.empty(204);
            last += 1;
        }
        assert!(kept(&app) >= 4, "{way}");
        match way {
            "user unassigned" | "role unassigned" => _ = policies.assign(&long, json!({})).await.ok(200),
            "role taken" => _ = policies.root.put(&roles, json!({ "role_ids": [] })).await.ok(200),
            "role emptied" => _ = policies.root.put(&role_path, draft(&[])).await.ok(200),
            "role deleted" => policies.root.delete(&role_path).await.empty(204),
            "permission revoked" => _ = policies.root.put(&permissions, json!({ "permissions": [] })).await.ok(200),
            "permission unregistered" => policies.root.delete("/v1/permissions/crm.invoices.read").await.empty(204),
            _ => policies.delete(&long).await.empty(204),
        }
        app.service().trim_password_history().await.unwrap();
        assert_eq!(kept(&app), 1, "{way}");
        if way != "role deleted" {
            policies.root.delete(&role_path).await.empty(204);
        }
    }
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

mod slow {
    use serde_json::json;

    use super::super::Policies;
    use super::{change, reused, somebody};
    use crate::support::TestApp;

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
}
