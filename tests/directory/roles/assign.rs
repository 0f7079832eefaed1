//! Who has a role, and what it gives them.

use serde_json::json;

use super::{assign, effective, role};
use crate::support::TestApp;

#[tokio::test]
async fn what_a_role_carries_counts_at_once_and_in_the_token_at_the_next_refresh() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    let ann = account.user_with("ann", &["password_management"]).await;
    let session = ann.sign_in().await;
    let policy = account.path("/two-factor-policy");
    session.get(&policy).await.problem(403, "permission_required");

    let support = role(&admin, &account, "Support", &["account_settings", "password_management"]).await;
    assert_eq!(assign(&admin, &account, &ann, &[&support]).await.ok(200), json!({ "role_ids": [support] }));
    session.get(&policy).await.ok(200);
    assert_eq!(session.claims()["permissions"], json!(["password_management"]));
    let session = session.refresh().await.session();
    assert_eq!(session.claims()["permissions"], json!(["account_settings", "password_management"]));
    let expected = json!([
        { "permission": "account_settings", "from": ["role:Support"] },
        { "permission": "password_management", "from": ["direct", "role:Support"] },
    ]);
    assert_eq!(effective(&admin, &account, &ann).await, expected);
    let path = account.path(&format!("/users/{}/permissions", ann.id()));
    assert_eq!(admin.get(&path).await.ok(200)["permissions"], json!(["password_management"]), "without roles");
    assert_eq!(account.look_at(&ann).await["permissions"], json!(["account_settings", "password_management"]));
    let introspected = admin.post("/v1/token/introspect", json!({ "token": session.access_token })).await.ok(200);
    assert_eq!(introspected["permissions"], json!(["account_settings", "password_management"]));

    // Granted beside the role, it outlives it.
    admin.put(&path, json!({ "permissions": ["account_settings"] })).await.ok(200);
    let role = account.path(&format!("/roles/{support}"));
    admin.put(&role, json!({ "name": "Support", "permissions": [] })).await.ok(200);
    assert_eq!(
        effective(&admin, &account, &ann).await,
        json!([{ "permission": "account_settings", "from": ["direct"] }])
    );
    session.get(&policy).await.ok(200);
    admin.put(&path, json!({ "permissions": [] })).await.ok(200);
    session.get(&policy).await.problem(403, "permission_required");
}

#[tokio::test]
async fn a_role_taken_edited_or_deleted_counts_no_more_at_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings"]).await;
    let ann = account.user("ann").await;
    let session = ann.sign_in().await;
    let policy = account.path("/two-factor-policy");
    for way in ["unassigned", "edited", "deleted"] {
        let id = role(&admin, &account, way, &["account_settings"]).await;
        assign(&admin, &account, &ann, &[&id]).await.ok(200);
        session.get(&policy).await.ok(200);
        let path = account.path(&format!("/roles/{id}"));
        match way {
            "unassigned" => assert_eq!(assign(&admin, &account, &ann, &[]).await.status, 200),
            "edited" => assert_eq!(admin.put(&path, json!({ "name": way, "permissions": [] })).await.status, 200),
            _ => admin.delete(&path).await.empty(204),
        }
        session.get(&policy).await.problem(403, "permission_required");
    }
    assert_eq!(session.refresh().await.session().claims()["permissions"], json!([]));
}

#[tokio::test]
async fn only_roles_of_the_account_can_be_given_and_the_tag_counts() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let admin = account.admin(&["user_permissions"]).await;
    let root = app.platform_admin().await;
    let ann = account.user("ann").await;
    let foreign = role(&root, &other, "Support", &[]).await;
    let own = role(&admin, &account, "Support", &[]).await;
    let problem = assign(&admin, &account, &ann, &[&own, &foreign, "x"]).await.problem(422, "validation_failed");
    assert_eq!(problem.errors(), [("/role_ids/1", "unknown_role"), ("/role_ids/2", "unknown_role")]);

    let path = account.path(&format!("/users/{}/roles", ann.id()));
    let session = admin.session().await;
    let tag = session.get(&path).await.header("etag").to_owned();
    let put = |tag: &str| session.call("PUT", &path).header("if-match", tag).json(&json!({ "role_ids": [own] })).send();
    let reply = put(&tag).await;
    reply.ok(200);
    assert_ne!(reply.header("etag"), tag);
    put(&tag).await.problem(412, "precondition_failed");
    // Twice the same is no change.
    let again = put(reply.header("etag")).await;
    assert_eq!((again.ok(200), again.header("etag")), (json!({ "role_ids": [own] }), reply.header("etag")));
}
