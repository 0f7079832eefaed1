//! Previews a change before it is made.

use serde_json::{Value, json};

use super::{Policies, days};
use crate::support::TestApp;

impl Policies {
    async fn preview(&self, id: &str, query: &str, draft: Value) -> Value {
        self.root.post(&self.path(&format!("/{id}/preview{query}")), draft).await.ok(200)
    }
}

fn numbers(preview: &Value) -> [u64; 6] {
    [
        "applies_to",
        "expired_already",
        "expire_at_once",
        "expire_within_days",
        "change_at_next_login",
        "checked_at_next_login",
    ]
    .map(|field| preview[field].as_u64().unwrap())
}

#[tokio::test]
async fn a_shorter_time_shows_how_many_expire_at_once_and_soon() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let default = policies.default().await["id"].as_str().unwrap().to_owned();
    policies.set_default(json!({ "expires_after_days": 365 })).await;
    let mut users = Vec::new();
    for number in 0..6 {
        users.push(policies.account.user(&format!("user-{number}")).await);
        app.wait(days(20));
    }
    policies.account.act_on(&users[5], "require-password-change").await.empty(204);
    policies.account.act_on(&users[0], "disable").await.empty(204);
    policies.account.invited(json!({ "username": "new" })).await;
    // The ages are now 120 (disabled), 100, 80, 60, 40 and 20 days; one has no password yet.
    let draft = |extra: Value| {
        let mut draft = json!({ "name": "Basic", "strength": "basic", "expires_after_days": 70 });
        draft.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        draft
    };
    assert_eq!(numbers(&policies.preview(&default, "?within_days=0", draft(json!({}))).await), [7, 0, 2, 2, 3, 0]);
    assert_eq!(numbers(&policies.preview(&default, "?within_days=10", draft(json!({}))).await), [7, 0, 2, 3, 3, 0]);
    assert_eq!(numbers(&policies.preview(&default, "", draft(json!({}))).await), [7, 0, 2, 4, 3, 0]);
    let spread = draft(json!({ "spread_expiry_over_days": 14 }));
    assert_eq!(numbers(&policies.preview(&default, "?within_days=14", spread).await), [7, 0, 0, 3, 1, 0]);
    let never = draft(json!({ "expires_after_days": null, "apply_to_existing": "at_next_login" }));
    assert_eq!(numbers(&policies.preview(&default, "", never).await), [7, 0, 0, 0, 1, 5]);
    // Nothing has changed, and what was foretold comes true.
    assert_eq!(policies.default().await["expires_after_days"], 365);
    policies.set_default(json!({ "expires_after_days": 70 })).await;
    for (at, expired) in [(1, true), (2, true), (3, false), (4, false)] {
        assert_eq!(policies.password_of(&users[at]).await["status"] == "expired", expired);
    }
    let same = draft(json!({}));
    assert_eq!(numbers(&policies.preview(&default, "?within_days=0", same).await), [7, 2, 0, 0, 3, 0]);
}

#[tokio::test]
async fn it_counts_those_to_whom_the_policy_would_apply() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user_with("ann", &["account_settings"]).await;
    policies.account.user("bob").await;
    let staff = policies.create(json!({ "name": "Staff", "strength": "basic" })).await;
    let draft = |is_default: Option<bool>| {
        let mut draft = json!({ "name": "Staff", "strength": "modern" });
        if let Some(is_default) = is_default {
            draft["is_default"] = json!(is_default);
        }
        draft
    };
    assert_eq!(policies.preview(&staff, "", draft(None)).await["applies_to"], 0);
    assert_eq!(policies.preview(&staff, "", draft(Some(true))).await["applies_to"], 2);
    policies.assign(&staff, json!({ "permissions": ["account_settings"] })).await.ok(200);
    assert_eq!(policies.preview(&staff, "", draft(None)).await["applies_to"], 1);
    policies.assign(&staff, json!({ "user_ids": [ann.id()] })).await.ok(200);
    assert_eq!(policies.preview(&staff, "", draft(None)).await["applies_to"], 1);
}

#[tokio::test]
async fn what_cannot_be_saved_cannot_be_previewed() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let default = policies.default().await["id"].as_str().unwrap().to_owned();
    let path = policies.path(&format!("/{default}/preview"));
    let draft = json!({ "name": "Basic", "strength": "basic", "expires_after_days": 0 });
    policies.root.post(&path, draft.clone()).await.problem(422, "validation_failed");
    for query in ["?within_days=-1", "?within_days=3651", "?within_days=x", "?days=3"] {
        policies.root.post(&format!("{path}{query}"), draft.clone()).await.problem(400, "malformed_request");
    }
}
