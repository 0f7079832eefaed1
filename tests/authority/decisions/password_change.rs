//! Whether a sign-in must choose a new password.

use serde_json::{Value, json};

use super::Stage;
use crate::support::{PASSWORD, User};

/// The passwords of these tests have too few digits for it.
fn strict() -> Value {
    json!({
        "name": "Strict", "strength": "custom", "custom_strength": { "min_length": 12, "min_digits": 5 },
        "apply_to_existing": "at_next_login",
    })
}

fn lax() -> Value {
    json!({ "name": "Lax", "strength": "basic", "apply_to_existing": "at_next_login" })
}

fn expiring() -> Value {
    json!({
        "name": "Expiring", "strength": "basic", "expires_after_days": 30, "existing_passwords": "from_last_change",
    })
}

/// Ann is reached by a policy that is assigned as this says, while the default is lax; or by the default alone, which is
/// strict then.
async fn while_a_policy_goes_to_the_default(stage: &Stage, ann: &User, policy: Value, assigned: Value) {
    let mut other = policy.clone();
    other["name"] = json!("Assigned");
    let id = stage.add("/password-policies", other).await;
    let assignments = format!("/password-policies/{id}/assignments");
    let to_all = || async {
        stage.set_default(&policy).await;
        stage.put(&assignments, json!({})).await;
    };
    let to_some = || async {
        stage.put(&assignments, assigned.clone()).await;
        stage.set_default(&lax()).await;
    };
    to_some().await;
    ann.login().await.challenge("password_change");
    stage.never(stage.sign_in(ann), to_all, to_some).await;
}

async fn role(stage: &Stage, permissions: &[&str]) -> String {
    stage.add("/roles", json!({ "name": "Help desk", "permissions": permissions })).await
}

async fn give(stage: &Stage, user: &User, role: &str) {
    stage.put(&format!("/users/{}/roles", user.id()), json!({ "role_ids": [role] })).await;
}

#[tokio::test]
async fn a_weak_password_has_to_be_changed_while_a_policy_goes_from_a_user_to_everybody() {
    let stage = Stage::new().await;
    let ann = stage.account.user("ann").await;
    while_a_policy_goes_to_the_default(&stage, &ann, strict(), json!({ "user_ids": [ann.id()] })).await;
}

#[tokio::test]
async fn a_weak_password_has_to_be_changed_while_a_policy_goes_from_a_role_to_everybody() {
    let stage = Stage::new().await;
    let ann = stage.account.user("ann").await;
    let role = role(&stage, &[]).await;
    give(&stage, &ann, &role).await;
    while_a_policy_goes_to_the_default(&stage, &ann, strict(), json!({ "role_ids": [role] })).await;
}

#[tokio::test]
async fn an_expired_password_has_to_be_changed_while_a_policy_goes_from_a_user_to_everybody() {
    let stage = Stage::new().await;
    let ann = stage.account.user("ann").await;
    stage.app.wait(chrono::TimeDelta::days(100));
    while_a_policy_goes_to_the_default(&stage, &ann, expiring(), json!({ "user_ids": [ann.id()] })).await;
}

#[tokio::test]
async fn a_weak_password_has_to_be_changed_while_a_role_loses_the_permission_that_a_policy_is_assigned_to() {
    let stage = Stage::new().await;
    let ann = stage.account.user("ann").await;
    let role = role(&stage, &["audit_read"]).await;
    give(&stage, &ann, &role).await;
    let id = stage.add("/password-policies", strict()).await;
    stage.put(&format!("/password-policies/{id}/assignments"), json!({ "permissions": ["audit_read"] })).await;
    let carries = |permissions: Value| {
        let (stage, path) = (&stage, format!("/roles/{role}"));
        async move { stage.put(&path, json!({ "name": "Help desk", "permissions": permissions })).await }
    };
    let mut everybody = strict();
    everybody["name"] = json!("Everybody");
    let by_the_default = || async {
        stage.set_default(&everybody).await;
        carries(json!([])).await;
    };
    let by_the_permission = || async {
        carries(json!(["audit_read"])).await;
        stage.set_default(&lax()).await;
    };
    ann.login().await.challenge("password_change");
    stage.never(stage.sign_in(&ann), by_the_default, by_the_permission).await;
}

#[tokio::test]
async fn a_password_with_a_forbidden_word_has_to_be_changed_while_the_policy_forbids_it_or_asks_for_more() {
    let stage = Stage::new().await;
    let ann = stage.account.user("ann").await;
    assert!(PASSWORD.contains("Lantern"));
    let mut forbidding = lax();
    forbidding["forbidden_words"] = json!(["lantern"]);
    let (forbidding, strict) = (&forbidding, &strict());
    stage.set_default(forbidding).await;
    ann.login().await.challenge("password_change");
    stage.never(stage.sign_in(&ann), || stage.set_default(strict), || stage.set_default(forbidding)).await;
}
