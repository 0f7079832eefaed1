//! Every action on many users does what it does to one, and the second time nothing.

use serde_json::{Value, json};

use super::{counts, outcomes, run};
use crate::support::{Account, TestApp, User};

/// A job over these users.
async fn job(by: &User, account: &Account, action: &str, users: &[&User]) -> Value {
    let ids: Vec<_> = users.iter().map(|user| user.id()).collect();
    run(by, account, json!({ "action": action, "users": ids })).await
}

#[tokio::test]
async fn two_factor_authentication_is_reset() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    account.ask_only(&[&ann, &bob]).await;
    let session = ann.sign_in().await;
    bob.sign_in().await;
    let done = job(&by, &account, "reset_two_factor", &[&ann, &bob]).await;
    assert_eq!(counts(&done, "finished"), (2, 0, 0, 0));
    session.me().await.problem(401, "invalid_token");
    for user in [&ann, &bob] {
        assert_eq!(account.look_at(user).await["two_factor"]["status"], "not_enrolled");
        user.login().await.challenge("totp_enrollment");
    }
    // The logins that have begun end once more.
    assert_eq!(counts(&job(&by, &account, "reset_two_factor", &[&ann, &bob]).await, "finished"), (2, 0, 0, 0));
    assert_eq!(counts(&job(&by, &account, "reset_two_factor", &[&ann, &bob]).await, "finished"), (0, 2, 0, 0));
}

#[tokio::test]
async fn a_password_change_is_required() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    account.act_on(&bob, "require-password-change").await.empty(204);
    let done = job(&by, &account, "require_password_change", &[&ann, &bob]).await;
    assert_eq!(counts(&done, "finished"), (1, 1, 0, 0));
    let became = outcomes(&by, &account, &done).await;
    assert_eq!((became["ann"].as_str(), became["bob"].as_str()), ("succeeded", "unchanged"));
    ann.login().await.challenge("password_change");
    assert_eq!(counts(&job(&by, &account, "require_password_change", &[&ann, &bob]).await, "finished"), (0, 2, 0, 0));
}

#[tokio::test]
async fn locks_are_lifted() {
    let app = TestApp::with(|config| config.throttle.password_of_user.free = Some(2)).await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    for _ in 0..3 {
        ann.try_password("wrong").await;
    }
    ann.login().await.problem(429, "too_many_requests");
    let done = run(&by, &account, json!({ "action": "unlock", "filter": { "locked": true } })).await;
    assert_eq!(counts(&done, "finished"), (1, 0, 0, 0));
    ann.login().await.session();
    assert_eq!(counts(&job(&by, &account, "unlock", &[&ann, &bob]).await, "finished"), (0, 2, 0, 0));
}

#[tokio::test]
async fn users_are_disabled_and_enabled_again() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let session = ann.sign_in().await;
    assert_eq!(counts(&job(&by, &account, "disable", &[&ann, &bob]).await, "finished"), (2, 0, 0, 0));
    assert_eq!(counts(&job(&by, &account, "disable", &[&ann, &bob]).await, "finished"), (0, 2, 0, 0));
    session.me().await.problem(401, "invalid_token");
    bob.login().await.problem(401, "invalid_credentials");
    let done = run(&by, &account, json!({ "action": "enable", "filter": { "status": "disabled" } })).await;
    assert_eq!(counts(&done, "finished"), (2, 0, 0, 0));
    bob.login().await.session();
    assert_eq!(counts(&job(&by, &account, "enable", &[&ann, &bob]).await, "finished"), (0, 2, 0, 0));
}

#[tokio::test]
async fn sessions_are_revoked_also_one_s_own_and_the_job_goes_on() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let (own, session) = (by.session().await, ann.sign_in().await);
    let ordered =
        super::order(&by, &account, json!({ "action": "revoke_sessions", "filter": { "all": true } })).await.ok(202);
    let root = app.platform_admin().await;
    let done = super::ended(&root, &account, &ordered).await;
    assert_eq!(counts(&done, "finished"), (2, 1, 0, 0));
    let became = outcomes(&root, &account, &done).await;
    assert_eq!((became["ann"].as_str(), became["bob"].as_str()), ("succeeded", "unchanged"));
    for ended in [own, session] {
        ended.me().await.problem(401, "invalid_token");
    }
    bob.login().await.session();
}

#[tokio::test]
async fn users_are_deleted_and_stay_named() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let done = job(&by, &account, "delete", &[&ann]).await;
    assert_eq!(counts(&done, "finished"), (1, 0, 0, 0));
    by.get(&account.path(&format!("/users/{}", ann.id()))).await.problem(404, "not_found");
    assert_eq!(outcomes(&by, &account, &done).await["ann"], "succeeded");
    account.look_at(&bob).await;
}

#[tokio::test]
async fn roles_are_assigned_and_removed_beside_those_there_are() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions", "account_settings"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let role = async |name: &str| {
        let draft = json!({ "name": name, "permissions": ["account_settings"] });
        by.post(&account.path("/roles"), draft).await.ok(201)["id"].as_str().unwrap().to_owned()
    };
    let (support, sales) = (role("Support").await, role("Sales").await);
    let roles = |user: &User| account.path(&format!("/users/{}/roles", user.id()));
    by.put(&roles(&ann), json!({ "role_ids": [sales] })).await.ok(200);

    let order = |action: &str| json!({ "action": action, "role_ids": [support], "users": [ann.id(), bob.id()] });
    let done = run(&by, &account, order("assign_roles")).await;
    assert_eq!(counts(&done, "finished"), (2, 0, 0, 0));
    assert_eq!((&done["role_ids"], &done["permissions"]), (&json!([support]), &json!([])));
    assert_eq!(by.get(&roles(&ann)).await.ok(200)["role_ids"].as_array().unwrap().len(), 2);
    assert_eq!(account.look_at(&bob).await["permissions"], json!(["account_settings"]));
    assert_eq!(counts(&run(&by, &account, order("assign_roles")).await, "finished"), (0, 2, 0, 0));
    assert_eq!(counts(&run(&by, &account, order("remove_roles")).await, "finished"), (2, 0, 0, 0));
    assert_eq!(by.get(&roles(&ann)).await.ok(200)["role_ids"], json!([sales]));
    assert_eq!(counts(&run(&by, &account, order("remove_roles")).await, "finished"), (0, 2, 0, 0));
}

#[tokio::test]
async fn permissions_are_granted_and_revoked_beside_those_there_are() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    let ann = account.user_with("ann", &["password_management"]).await;
    let bob = account.user("bob").await;
    let order =
        |action: &str| json!({ "action": action, "permissions": ["account_settings"], "users": [ann.id(), bob.id()] });
    assert_eq!(counts(&run(&by, &account, order("grant_permissions")).await, "finished"), (2, 0, 0, 0));
    assert_eq!(account.look_at(&ann).await["permissions"], json!(["account_settings", "password_management"]));
    assert_eq!(counts(&run(&by, &account, order("grant_permissions")).await, "finished"), (0, 2, 0, 0));
    assert_eq!(counts(&run(&by, &account, order("revoke_permissions")).await, "finished"), (2, 0, 0, 0));
    assert_eq!(account.look_at(&ann).await["permissions"], json!(["password_management"]));
    assert_eq!(account.look_at(&bob).await["permissions"], json!([]));
    assert_eq!(counts(&run(&by, &account, order("revoke_permissions")).await, "finished"), (0, 2, 0, 0));
}
