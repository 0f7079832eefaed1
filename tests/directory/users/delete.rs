//! Permanently deletes a user.

use serde_json::json;

use crate::support::{TestApp, in_parallel};

#[tokio::test]
async fn sessions_logins_codes_and_the_name_go_at_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    account.ask_only(&[&ann]).await;
    let session = ann.sign_in().await;
    let login = ann.login().await.challenge("totp");
    let path = account.path(&format!("/users/{}", ann.id()));
    admin.delete(&path).await.empty(204);

    session.me().await.problem(401, "invalid_token");
    session.refresh().await.problem(401, "invalid_token");
    login.code(&ann.phone().fresh_code()).await.problem(401, "challenge_invalid");
    ann.login().await.problem(401, "invalid_credentials");
    admin.get(&path).await.problem(404, "not_found");
    admin.delete(&path).await.problem(404, "not_found");
    let policy = app.platform_admin().await.get(&account.path("/two-factor-policy")).await.ok(200);
    assert_eq!(policy["user_ids"], json!([]));
    // Somebody new of this name begins with nothing.
    let again = account.user("ann").await;
    assert_ne!(again.id(), ann.id());
    again.login().await.session();
    let invited = account.invited(json!({ "username": "invited" })).await;
    admin.delete(&account.path(&format!("/users/{}", invited.id()))).await.empty(204);
    assert!(invited.activate(invited.activation_code()).await.status >= 400);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let (ann, bob) = (account.admin(&["user_permissions"]).await, account.admin(&["user_permissions"]).await);
    let path = |id: &str| account.path(&format!("/users/{id}"));
    root.delete(&path(ann.id())).await.empty(204);
    let program = account.program("administrator", &["user_permissions"]).await;
    program.delete(&path(bob.id())).await.problem(409, "conflict");
    bob.delete(&path(bob.id())).await.problem(409, "conflict");
    bob.session().await.me().await.ok(200);
    let me = root.get("/v1/me").await.ok(200)["user"].clone();
    let (home, id) = (me["account_id"].as_str().unwrap(), me["id"].as_str().unwrap());
    root.delete(&format!("/v1/accounts/{home}/users/{id}")).await.problem(409, "conflict");
}

#[tokio::test]
async fn two_administrators_who_delete_each_other_leave_one() {
    let app = TestApp::start().await;
    for round in 0..10 {
        let account = app.account(&format!("acme-{round}")).await;
        let (ann, bob) = (account.admin(&["user_permissions"]).await, account.admin(&["user_permissions"]).await);
        let sessions = [ann.session().await, bob.session().await];
        let paths = [bob.id(), ann.id()].map(|id| account.path(&format!("/users/{id}")));
        let replies = in_parallel(2, |number| sessions[number].call("DELETE", &paths[number]).send()).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 204).count(), 1, "{replies:?}");
    }
}
