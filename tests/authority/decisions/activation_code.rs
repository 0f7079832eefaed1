//! Whether an activation code works, given what its issuer and its user hold when it is used.

use serde_json::{Value, json};

use super::Stage;
use crate::support::{PASSWORD, User};

/// Somebody who hands out a code for bob, beside another administrator; and the code.
async fn handed_out(stage: &Stage) -> (User, String, Value) {
    stage.account.admin(&["user_permissions"]).await;
    let helper = stage.account.admin(&["user_permissions"]).await;
    let created = helper.post(&stage.account.path("/users"), json!({ "username": "bob" })).await.ok(201);
    (helper, created["user"]["id"].as_str().unwrap().to_owned(), created["activation"]["code"].clone())
}

async fn grant(stage: &Stage, user: &User, permissions: Value) {
    stage.put(&format!("/users/{}/permissions", user.id()), json!({ "permissions": permissions })).await;
}

#[tokio::test]
async fn it_opens_nothing_while_its_issuer_is_either_disabled_or_demoted() {
    let stage = Stage::new().await;
    let (helper, _, code) = handed_out(&stage).await;
    let of_helper = |action: &str| format!("/users/{}/actions/{action}", helper.id());
    let demoted = || async {
        grant(&stage, &helper, json!([])).await;
        stage.act(&of_helper("enable")).await;
    };
    let disabled = || async {
        stage.act(&of_helper("disable")).await;
        grant(&stage, &helper, json!(["user_permissions"])).await;
    };
    disabled().await;
    let activate = stage.send("/v1/activations", "", json!({ "code": code, "new_password": PASSWORD }));
    stage.never(activate, demoted, disabled).await;
}

#[tokio::test]
async fn it_opens_nothing_while_either_its_user_holds_more_or_its_issuer_nothing() {
    let stage = Stage::new().await;
    let (helper, bob, code) = handed_out(&stage).await;
    let role = stage.add("/roles", json!({ "name": "Settings", "permissions": ["account_settings"] })).await;
    stage.put(&format!("/users/{bob}/roles"), json!({ "role_ids": [role] })).await;
    let carries = |permissions: Value| {
        let (stage, path) = (&stage, format!("/roles/{role}"));
        async move { stage.put(&path, json!({ "name": "Settings", "permissions": permissions })).await }
    };
    let issuer_holds_nothing = || async {
        grant(&stage, &helper, json!([])).await;
        carries(json!([])).await;
    };
    let user_holds_more = || async {
        carries(json!(["account_settings"])).await;
        grant(&stage, &helper, json!(["user_permissions"])).await;
    };
    let activate = stage.send("/v1/activations", "", json!({ "code": code, "new_password": PASSWORD }));
    stage.never(activate, issuer_holds_nothing, user_holds_more).await;
}
