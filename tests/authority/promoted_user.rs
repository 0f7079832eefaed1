//! Activation codes of promoted users: the issuer must hold what the user holds.

use serde_json::json;

use crate::support::{OTHER_PASSWORD, TestApp};

#[tokio::test]
async fn a_code_that_was_taken_before_a_promotion_opens_nothing() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let helpdesk = account.admin(&["user_permissions"]).await;
    let vic = account.user("vic").await;
    let send = account.path(&format!("/users/{}/actions/send-activation", vic.id()));
    let taken = helpdesk.act(&send).await.ok(200)["code"].as_str().unwrap().to_owned();

    let permissions = account.path(&format!("/users/{}/permissions", vic.id()));
    let everything = json!({ "permissions": ["account_settings", "password_management", "user_permissions"] });
    let root = app.platform_admin().await;
    root.put(&permissions, everything).await.ok(200);
    assert_eq!(helpdesk.act(&send).await.problem(403, "permission_required")["permission"], "account_settings");
    vic.activate(&taken).await.problem(401, "invalid_code");

    // A code of somebody who holds all that works; and the other one does again when there is nothing left to win.
    let code = root.act(&send).await.ok(200)["code"].as_str().unwrap().to_owned();
    vic.remember_password(OTHER_PASSWORD);
    vic.activate(&code).await.empty(204);
}

#[tokio::test]
async fn who_creates_a_user_and_then_grants_what_they_hold_has_given_a_good_code() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings", "user_permissions"]).await;
    let created = admin.post(&account.path("/users"), json!({ "username": "vic" })).await.ok(201);
    let permissions = account.path(&format!("/users/{}/permissions", created["user"]["id"].as_str().unwrap()));
    admin.put(&permissions, json!({ "permissions": ["account_settings"] })).await.ok(200);
    let body = json!({ "code": created["activation"]["code"], "new_password": crate::support::PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
}

#[tokio::test]
async fn nobody_below_touches_who_administers_the_platform() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let me = root.get("/v1/me").await.ok(200);
    let platform = me["user"]["account_id"].as_str().unwrap();
    let new = json!({ "username": "helper", "permissions": ["user_permissions"] });
    let helper = root.post(&format!("/v1/accounts/{platform}/users"), new).await.ok(201);
    let body = json!({ "code": helper["activation"]["code"], "new_password": crate::support::PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    let helper = crate::support::User::new(app.client(), "platform", "helper");
    let user = format!("/v1/accounts/{platform}/users/{}", me["user"]["id"].as_str().unwrap());
    for action in
        ["disable", "reset-two-factor", "revoke-sessions", "require-password-change", "send-activation", "unlock"]
    {
        let problem = helper.act(&format!("{user}/actions/{action}")).await.problem(403, "permission_required");
        assert_eq!(problem["permission"], "platform_administration", "{action}");
    }
    let reply = helper.put(&format!("{user}/permissions"), json!({ "permissions": [] })).await;
    assert_eq!(reply.problem(403, "permission_required")["permission"], "platform_administration");
    root.get("/v1/me").await.ok(200);
}
