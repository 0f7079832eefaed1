//! Whether a caller may act on another user.

use serde_json::{Value, json};

use super::Stage;
use crate::support::{PASSWORD, User};

#[tokio::test]
async fn nobody_acts_upon_who_stands_above_while_either_loses_what_they_hold() {
    let stage = Stage::new().await;
    let me = stage.root.get("/v1/me").await.ok(200);
    let platform = format!("/v1/accounts/{}", me["user"]["account_id"].as_str().unwrap());
    let role = |name: &'static str, permissions: Value| {
        let (stage, path) = (&stage, format!("{platform}/roles"));
        async move {
            let role = stage.root.post(&path, json!({ "name": name, "permissions": permissions })).await.ok(201);
            role["id"].as_str().unwrap().to_owned()
        }
    };
    let (helpers, lords) =
        (role("Helpers", json!(["user_permissions"])).await, role("Lords", json!(["platform_administration"])).await);
    let person = |name: &'static str, role: &str| {
        let (stage, platform, role) = (&stage, &platform, role.to_owned());
        async move {
            let new = json!({ "username": name });
            let created = stage.root.post(&format!("{platform}/users"), new).await.ok(201);
            let body = json!({ "code": created["activation"]["code"], "new_password": PASSWORD });
            stage.app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
            let id = created["user"]["id"].as_str().unwrap().to_owned();
            stage.root.put(&format!("{platform}/users/{id}/roles"), json!({ "role_ids": [role] })).await.ok(200);
            id
        }
    };
    person("helper", &helpers).await;
    let lord = person("lord", &lords).await;
    let carries = |role: &str, name: &'static str, permissions: Value| {
        let (stage, path) = (&stage, format!("{platform}/roles/{role}"));
        async move {
            stage.root.put(&path, json!({ "name": name, "permissions": permissions })).await.ok(200);
        }
    };
    let neither = || async {
        carries(&helpers, "Helpers", json!([])).await;
        carries(&lords, "Lords", json!([])).await;
    };
    let both = || async {
        carries(&lords, "Lords", json!(["platform_administration"])).await;
        carries(&helpers, "Helpers", json!(["user_permissions"])).await;
    };
    let helper = User::new(stage.app.client(), "platform", "helper").sign_in().await;
    let act = format!("{platform}/users/{lord}/actions/require-password-change");
    stage.never(stage.send(&act, &helper.access_token, Value::Null), neither, both).await;
}
