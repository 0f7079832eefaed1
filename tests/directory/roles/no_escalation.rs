//! Nobody gains or passes on, through a role, a permission that they do not hold.

use serde_json::json;

use super::{assign, role};
use crate::support::TestApp;

#[tokio::test]
async fn nobody_puts_into_a_role_or_gives_by_a_role_what_they_do_not_hold() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let all = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;

    let draft = |permissions: &[&str]| json!({ "name": "New", "permissions": permissions });
    let problem = admin.post(&account.path("/roles"), draft(&["account_settings"])).await;
    assert_eq!(problem.problem(403, "permission_required")["permission"], "account_settings");

    let strong = role(&all, &account, "Strong", &["user_permissions", "account_settings"]).await;
    let weak = role(&all, &account, "Weak", &["user_permissions"]).await;
    for user in [&ann, &admin] {
        let problem = assign(&admin, &account, user, &[&strong]).await.problem(403, "permission_required");
        assert_eq!(problem["permission"], "account_settings");
    }
    assign(&admin, &account, &ann, &[&weak]).await.ok(200);
    // Into a role that one has oneself, least of all.
    assign(&all, &account, &admin, &[&weak]).await.ok(200);
    let path = account.path(&format!("/roles/{weak}"));
    let more = json!({ "name": "Weak", "permissions": ["user_permissions", "password_management"] });
    let problem = admin.put(&path, more.clone()).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "password_management");
    all.put(&path, more.clone()).await.ok(200);

    // Nor is taken out what one does not hold, and a role that carries it keeps its name.
    let strong_path = account.path(&format!("/roles/{strong}"));
    for (name, permissions) in [
        ("Renamed", &["user_permissions", "account_settings"][..]),
        ("Strong", &["user_permissions"]),
        ("Strong", &["account_settings"]),
    ] {
        let draft = json!({ "name": name, "permissions": permissions });
        admin.put(&strong_path, draft).await.problem(403, "permission_required");
    }
}

#[tokio::test]
async fn what_a_role_gives_can_be_handed_on_until_it_is_taken() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let all = account.admin(&["user_permissions", "account_settings"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    let lead = role(&all, &account, "Lead", &["user_permissions", "account_settings"]).await;
    assign(&all, &account, &ann, &[&lead]).await.ok(200);
    let path = account.path(&format!("/users/{}/permissions", bob.id()));
    let grant = json!({ "permissions": ["account_settings"] });
    ann.put(&path, grant.clone()).await.ok(200);
    all.put(&path, json!({ "permissions": [] })).await.ok(200);
    let less = json!({ "name": "Lead", "permissions": ["user_permissions"] });
    all.put(&account.path(&format!("/roles/{lead}")), less).await.ok(200);
    ann.put(&path, grant).await.problem(403, "permission_required");
}

#[tokio::test]
async fn the_platform_s_permission_is_in_no_role_of_a_customer() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let draft = json!({ "name": "Root", "permissions": ["platform_administration"] });
    let problem = root.post(&account.path("/roles"), draft.clone()).await.problem(422, "validation_failed");
    assert_eq!(problem.errors(), [("/permissions", "platform_only")]);
    let home = root.get("/v1/me").await.ok(200)["user"]["account_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/accounts/{home}/roles");
    let role = root.post(&path, draft).await.ok(201)["id"].as_str().unwrap().to_owned();
    // A helper of the platform takes nobody from above the accounts, by no role either.
    let helper = json!({ "username": "helper", "permissions": ["user_permissions"] });
    let created = root.post(&format!("/v1/accounts/{home}/users"), helper).await.ok(201);
    let activation = json!({ "code": created["activation"]["code"], "new_password": crate::support::PASSWORD });
    app.call("POST", "/v1/activations").json(&activation).send().await.empty(204);
    let helper = crate::support::User::new(app.client(), "platform", "helper").sign_in().await;
    let path = format!("{path}/{role}");
    let emptied = json!({ "name": "Root", "permissions": [] });
    for reply in [helper.call("DELETE", &path).send().await, helper.call("PUT", &path).json(&emptied).send().await] {
        assert_eq!(reply.problem(403, "permission_required")["permission"], "platform_administration");
    }
}

#[tokio::test]
async fn an_activation_code_is_not_given_for_somebody_who_holds_more_through_a_role() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let all = account.admin(&["user_permissions", "account_settings"]).await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let settings = role(&all, &account, "Settings", &["account_settings"]).await;
    assign(&all, &account, &ann, &[&settings]).await.ok(200);
    let path = account.path(&format!("/users/{}/actions/send-activation", ann.id()));
    let problem = admin.act(&path).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "account_settings");
}
