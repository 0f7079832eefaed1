//! Administrators of the platform always sign in with two factors.

use serde_json::{Value, json};

use crate::support::{TestApp, User};

/// The platform's own account, and its first administrator.
async fn home(app: &TestApp) -> (String, User) {
    let root = app.platform_admin().await;
    let id = root.get("/v1/me").await.ok(200)["account"]["id"].as_str().unwrap().to_owned();
    (format!("/v1/accounts/{id}"), root)
}

/// A new user of the platform's own account, with a password and no phone.
async fn colleague(app: &TestApp, home: &str, root: &User, username: &str, permissions: &[&str]) -> User {
    let new = json!({ "username": username, "permissions": permissions });
    let created = root.post(&format!("{home}/users"), new).await.ok(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let code = text(&created["activation"]["code"]);
    let user = User::created(app.client(), "platform", username, &text(&created["user"]["id"]), &code);
    user.activate(&code).await.empty(204);
    user
}

#[tokio::test]
async fn the_first_one_enrols_before_anything_else() {
    let app = TestApp::start().await;
    let code = app.service().init_platform_administrator("root").await.unwrap();
    let root = User::new(app.client(), "platform", "root");
    root.activate(code.code.expose()).await.empty(204);
    let login = root.login().await.challenge("totp_enrollment");
    app.call("GET", "/v1/accounts").bearer(&login.token).send().await.problem(401, "invalid_token");
    let (phone, confirmed) = login.enroll().await;
    let session = confirmed.result.session();
    session.get("/v1/accounts").await.ok(200);
    assert_eq!(session.claims()["amr"], json!(["pwd", "otp", "mfa"]));
    app.wait_for_next_code();
    root.login().await.challenge("totp").code(&phone.code()).await.session();
}

#[tokio::test]
async fn so_does_everybody_of_the_platform_s_account_whatever_they_hold() {
    let app = TestApp::start().await;
    let (home, root) = home(&app).await;
    for (username, permissions) in [("second", vec!["platform_administration"]), ("clerk", vec![])] {
        let user = colleague(&app, &home, &root, username, &permissions).await;
        user.login().await.challenge("totp_enrollment");
        user.sign_in().await.me().await.ok(200);
    }
}

#[tokio::test]
async fn the_policy_cannot_be_another_one() {
    let app = TestApp::start().await;
    let (home, root) = home(&app).await;
    let path = format!("{home}/two-factor-policy");
    let fixed = root.get(&path).await.ok(200);
    assert_eq!(fixed["mode"], "all_users");
    let me = root.get("/v1/me").await.ok(200)["user"]["id"].clone();
    for policy in [
        json!({ "mode": "disabled" }),
        json!({ "mode": "selected_users", "user_ids": [] }),
        json!({ "mode": "selected_users", "user_ids": [me] }),
        json!({ "mode": "all_users_except", "user_ids": [me] }),
        json!({ "mode": "all_users_except", "user_ids": [] }),
        json!({ "mode": "all_users_except", "user_ids": ["01890a5d-ac96-774b-bcce-b302099a8057"] }),
    ] {
        let problem = root.put(&path, policy.clone()).await.problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("always sign in with two factors"), "{problem:?}");
        root.post(&format!("{path}/preview"), policy).await.problem(409, "conflict");
    }
    let preview = root.post(&format!("{path}/preview"), json!({ "mode": "all_users" })).await.ok(200);
    assert_eq!((&preview["will_enroll"]["count"], &preview["no_longer_asked"]["count"]), (&json!(0), &json!(0)));
    root.put(&path, json!({ "mode": "all_users" })).await.ok(200);
    let now = root.get(&path).await.ok(200);
    assert_eq!((&now["mode"], &now["user_ids"]), (&fixed["mode"], &fixed["user_ids"]));
    app.wait_for_next_code();
    root.login().await.challenge("totp");
}

#[tokio::test]
async fn an_administrator_of_before_enrols_at_the_next_sign_in() {
    let mut app = TestApp::start().await;
    let (home, root) = home(&app).await;
    let second = colleague(&app, &home, &root, "second", &["platform_administration"]).await;
    // As an earlier version left it: the policy of the platform's account excepted somebody.
    let update = "UPDATE two_factor_policies SET mode = 'all_users_except' WHERE mode = 'all_users' RETURNING mode";
    assert_eq!(app.look_into_database(update), ["all_users_except"]);
    let except = "INSERT INTO two_factor_policy_users (account_id, user_id)
        SELECT account_id, id FROM users WHERE username = 'second' RETURNING 'done'";
    assert_eq!(app.look_into_database(except), ["done"]);
    let session = second.login().await.session();
    app.restart().await;
    // A session that began with a password alone is not worth what the platform is.
    session.get("/v1/me").await.problem(401, "invalid_token");
    second.login().await.challenge("totp_enrollment");
    app.wait_for_next_code();
    let root = root.sign_in().await;
    let policy = root.get(&format!("{home}/two-factor-policy")).await.ok(200);
    assert_eq!((&policy["mode"], &policy["user_ids"]), (&json!("all_users"), &json!([])));
}
