//! Whether a new password is accepted.

use serde_json::{Value, json};

use super::Stage;
use crate::support::{OTHER_PASSWORD, PASSWORD};

/// A policy goes from the user `id`, whose default is `lax`, to everybody, and back.
async fn while_a_policy_goes_to_the_default<T>(stage: &Stage, id: &str, policy: Value, try_it: impl Fn() -> T)
where
    T: Future<Output = crate::support::Reply> + Send + 'static,
{
    let mut other = policy.clone();
    other["name"] = json!("Assigned");
    let assigned = stage.add("/password-policies", other).await;
    let assignments = format!("/password-policies/{assigned}/assignments");
    let lax = json!({ "strength": "basic" });
    let to_all = || async {
        stage.set_default(&policy).await;
        stage.put(&assignments, json!({})).await;
    };
    let to_one = || async {
        stage.put(&assignments, json!({ "user_ids": [id] })).await;
        stage.set_default(&lax).await;
    };
    to_one().await;
    stage.never(try_it, to_all, to_one).await;
}

#[tokio::test]
async fn a_weak_one_is_refused_with_an_activation_code_while_a_policy_goes_from_a_user_to_everybody() {
    let stage = Stage::new().await;
    let bob = stage.account.invited(json!({ "username": "bob" })).await;
    let strict = json!({ "strength": "custom", "custom_strength": { "min_length": 12, "min_digits": 5 } });
    let activate =
        stage.send("/v1/activations", "", json!({ "code": bob.activation_code(), "new_password": PASSWORD }));
    while_a_policy_goes_to_the_default(&stage, bob.id(), strict, activate).await;
}

#[tokio::test]
async fn an_earlier_one_is_refused_while_a_policy_goes_from_a_user_to_everybody() {
    let stage = Stage::new().await;
    let remembering = json!({ "strength": "basic", "remember_last": 5 });
    stage.set_default(&remembering).await;
    let ann = stage.account.user("ann").await;
    let session = ann.sign_in().await;
    let change = |from: &str, to: &str| json!({ "current_password": from, "new_password": to });
    session.post("/v1/me/password", change(PASSWORD, OTHER_PASSWORD)).await.empty(204);
    let back = stage.send("/v1/me/password", &session.access_token, change(OTHER_PASSWORD, PASSWORD));
    while_a_policy_goes_to_the_default(&stage, ann.id(), remembering, back).await;
}
