//! Operations that users do for themselves, which API keys cannot do.

use serde_json::json;

use super::users;
use crate::support::{OTHER_PASSWORD, PASSWORD, TestApp};

#[tokio::test]
async fn a_key_has_no_password_no_session_and_no_self() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let program = account
        .program("Everything", &["account_settings", "password_management", "user_permissions", "api_keys"])
        .await;
    program.get("/v1/me").await.problem(403, "session_required");
    let passwords = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    program.post("/v1/me/password", passwords).await.problem(403, "session_required");
    program.post("/v1/me/password/check", json!({ "password": PASSWORD })).await.problem(403, "session_required");
    program.post("/v1/me/reauthentication", json!({ "password": PASSWORD })).await.problem(403, "session_required");
    program.call("POST", "/v1/logout").send().await.problem(403, "session_required");
    program.get(&users(&account)).await.ok(200);
}

#[tokio::test]
async fn a_key_is_no_other_kind_of_token() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let program = account.program("Import", &["user_permissions"]).await;
    app.call("GET", "/v1/login/challenge").bearer(&program.secret).send().await.problem(401, "challenge_invalid");
    let body = json!({ "refresh_token": program.secret });
    app.call("POST", "/v1/token/refresh").json(&body).send().await.problem(401, "invalid_token");
    let body = json!({ "code": program.secret, "new_password": PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.problem(401, "invalid_code");
    let session = account.user("ann").await.sign_in().await;
    app.call("GET", "/v1/permissions").bearer(&session.refresh_token).send().await.problem(401, "invalid_token");
    program.get("/v1/permissions").await.ok(200);
    program.get("/v1/password-policy-presets").await.ok(200);
    // Of access tokens a program learns as much as a person of its account.
    let token = json!({ "token": session.access_token });
    assert_eq!(program.post("/v1/token/introspect", token.clone()).await.ok(200)["active"], true);
    let stranger = app.account("other").await.program("Import", &["user_permissions"]).await;
    assert_eq!(stranger.post("/v1/token/introspect", token).await.ok(200), json!({ "active": false }));
}
