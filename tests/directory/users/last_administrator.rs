//! An account never loses its last administrator.

use serde_json::json;

use crate::support::{Account, TestApp, User, in_parallel, statuses};

async fn permissions(by: &User, account: &Account, of: &User, wanted: &[&str]) -> crate::support::Reply {
    by.put(&account.path(&format!("/users/{}/permissions", of.id())), json!({ "permissions": wanted })).await
}

#[tokio::test]
async fn the_last_one_can_neither_be_disabled_nor_revoked() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings"]).await;
    account.user_with("settings", &["account_settings"]).await;
    let disable = account.path(&format!("/users/{}/actions/disable", admin.id()));
    admin.act(&disable).await.problem(409, "conflict");
    permissions(&admin, &account, &admin, &["account_settings"]).await.problem(409, "conflict");
    let session = admin.session().await;
    session.me().await.ok(200);
    assert_eq!(account.look_at(&admin).await["permissions"], json!(["account_settings", "user_permissions"]));
    // What does not make an administrator can go.
    permissions(&admin, &account, &admin, &["user_permissions"]).await.ok(200);

    // With a second one, the first can go; then the second is the last.
    let second = account.admin(&["user_permissions"]).await;
    account.act_on(&second, "disable").await.empty(204);
    admin.act(&disable).await.problem(409, "conflict");
    account.act_on(&second, "enable").await.empty(204);
    account.act_on(&admin, "disable").await.empty(204);
    permissions(&second, &account, &second, &[]).await.problem(409, "conflict");
}

#[tokio::test]
async fn two_who_disable_each_other_leave_one() {
    let app = TestApp::start().await;
    for round in 0..10 {
        let account = app.account(&format!("acme-{round}")).await;
        let (ann, bob) = (account.admin(&["user_permissions"]).await, account.admin(&["user_permissions"]).await);
        let sessions = [ann.session().await, bob.session().await];
        let disable = |number: usize| {
            let victim = [&bob, &ann][number].id();
            sessions[number].call("POST", &account.path(&format!("/users/{victim}/actions/disable"))).send()
        };
        let replies = in_parallel(2, disable).await;
        let counts = statuses(&replies);
        assert_eq!(counts.get("204"), Some(&1), "{counts:?}");
        // The second was refused as the last, or came so late that it was out already.
        assert!(replies.iter().all(|reply| matches!(reply.status, 204 | 401 | 409)), "{counts:?}");
        let states = [account.look_at(&ann).await["status"].clone(), account.look_at(&bob).await["status"].clone()];
        assert!(states.contains(&json!("active")), "{states:?}");
    }
}

#[tokio::test]
async fn two_who_revoke_each_other_leave_one() {
    let app = TestApp::start().await;
    for round in 0..10 {
        let account = app.account(&format!("acme-{round}")).await;
        let (ann, bob) = (account.admin(&["user_permissions"]).await, account.admin(&["user_permissions"]).await);
        let sessions = [ann.session().await, bob.session().await];
        let revoke = |number: usize| {
            let victim = [&bob, &ann][number].id();
            let path = account.path(&format!("/users/{victim}/permissions"));
            sessions[number].call("PUT", &path).json(&json!({ "permissions": [] })).send()
        };
        let replies = in_parallel(2, revoke).await;
        let counts = statuses(&replies);
        assert_eq!(counts.get("200"), Some(&1), "{counts:?}");
        assert!(replies.iter().all(|reply| matches!(reply.status, 200 | 403 | 409)), "{counts:?}");
    }
}

#[tokio::test]
async fn one_disabled_while_the_other_is_revoked_leaves_one() {
    let app = TestApp::start().await;
    for round in 0..10 {
        let account = app.account(&format!("acme-{round}")).await;
        let (ann, bob) = (account.admin(&["user_permissions"]).await, account.admin(&["user_permissions"]).await);
        // Neither of them, and not the platform, which may take both.
        let program = account.program("administrator", &["user_permissions"]).await;
        let act = |number: usize| {
            let (ann, bob) = (ann.id(), bob.id());
            if number == 0 {
                program.call("POST", &account.path(&format!("/users/{ann}/actions/disable"))).send()
            } else {
                let path = account.path(&format!("/users/{bob}/permissions"));
                program.call("PUT", &path).json(&json!({ "permissions": [] })).send()
            }
        };
        let replies = in_parallel(2, act).await;
        let refused = replies.iter().filter(|reply| reply.status == 409).count();
        assert_eq!(refused, 1, "{:?}", statuses(&replies));
    }
}

#[tokio::test]
async fn the_platform_keeps_one_too() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let me = root.get("/v1/me").await.ok(200)["user"].clone();
    let text = |key: &str| me[key].as_str().unwrap().to_owned();
    let path = format!("/v1/accounts/{}/users/{}", text("account_id"), text("id"));
    root.act(&format!("{path}/actions/disable")).await.problem(409, "conflict");
    let less = json!({ "permissions": ["account_settings", "password_management", "user_permissions"] });
    root.put(&format!("{path}/permissions"), less).await.problem(409, "conflict");
    root.get("/v1/accounts").await.ok(200);
}
