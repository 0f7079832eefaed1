//! Nobody gains permissions through an API key.

use serde_json::{Value, json};

use super::users;
use crate::support::{TestApp, User};

const OURS: [&str; 4] = ["account_settings", "api_keys", "password_management", "user_permissions"];

fn draft(name: &str, permissions: &[&str]) -> Value {
    json!({ "name": name, "permissions": permissions })
}

#[tokio::test]
async fn nobody_gives_a_key_what_they_do_not_hold() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    for held in OURS {
        let admin = account.admin(&["api_keys", held]).await;
        let program = account.program(&format!("of all without {held}"), &["api_keys", held]).await;
        for wanted in OURS {
            let name = format!("{held} gives {wanted}");
            let replies = [
                admin.post(&account.path("/api-keys"), draft(&format!("{name}, in person"), &[wanted])).await,
                program.create(&account, draft(&format!("{name}, by a key"), &[wanted])).await,
            ];
            for reply in replies {
                if wanted == held || wanted == "api_keys" {
                    reply.ok(201);
                } else {
                    assert_eq!(reply.problem(403, "permission_required")["permission"], wanted, "{name}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_key_of_a_customer_never_stands_above_accounts() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let wanted = draft("x", &["platform_administration"]);
    let problem = root.post(&account.path("/api-keys"), wanted.clone()).await.problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["code"], "platform_only");
    let program = account.program("x", &["user_permissions"]).await;
    root.put(&program.path(""), wanted).await.problem(422, "validation_failed");
    program.get("/v1/accounts").await.problem(403, "permission_required");
}

#[tokio::test]
async fn a_key_of_the_platform_does_what_its_administrators_do() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let platform = root.get("/v1/me").await.ok(200)["user"]["account_id"].as_str().unwrap().to_owned();
    let keys = format!("/v1/accounts/{platform}/api-keys");
    let created = root.post(&keys, draft("Provisioning", &["platform_administration"])).await.ok(201);
    let program = crate::support::Program::new(app.client(), &platform, created);
    program.post("/v1/accounts", json!({ "slug": "new", "name": "New" })).await.ok(201);
    program.get("/v1/accounts").await.ok(200);
    program.get(&users(&account)).await.ok(200);
    let made = program.create(&account, draft("made", &["user_permissions"])).await.ok(201);
    assert_eq!(made["key"]["account_id"], account.id.as_str());

    // Beside it, a key of the platform's account that was given less.
    let created = root.post(&keys, draft("Helper", &["user_permissions", "api_keys"])).await.ok(201);
    let helper = crate::support::Program::new(app.client(), &platform, created);
    helper.get(&users(&account)).await.problem(404, "not_found");
    let problem =
        helper.post(&keys, draft("more", &["platform_administration"])).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "platform_administration");
    for reply in [
        helper.delete(&program.path("")).await,
        helper.post(&program.path("/rotate"), json!({})).await,
        helper.put(&program.path(""), draft("Provisioning", &[])).await,
    ] {
        assert_eq!(reply.problem(403, "permission_required")["permission"], "platform_administration");
    }
    program.get("/v1/accounts").await.ok(200);
}

#[tokio::test]
async fn a_key_grants_no_user_and_no_role_what_it_does_not_hold() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let program = account.program("Users", &["user_permissions"]).await;
    let ann = account.user("ann").await;
    let role =
        app.platform_admin().await.post(&account.path("/roles"), draft("Strong", &["account_settings"])).await.ok(201);
    let strong = json!({ "role_ids": [role["id"]] });
    for (reply, lacking) in [
        (
            program.post(&users(&account), json!({ "username": "bob", "permissions": ["account_settings"] })).await,
            "account_settings",
        ),
        (
            program
                .put(&account.path(&format!("/users/{}/permissions", ann.id())), json!({ "permissions": ["api_keys"] }))
                .await,
            "api_keys",
        ),
        (program.post(&account.path("/roles"), draft("Role", &["password_management"])).await, "password_management"),
        (program.put(&account.path(&format!("/users/{}/roles", ann.id())), strong).await, "account_settings"),
    ] {
        assert_eq!(reply.problem(403, "permission_required")["permission"], lacking);
    }
    assert_eq!(account.look_at(&ann).await["permissions"], json!([]));
    // Nor does it get a code with which to become somebody who holds more.
    let strong = account.user_with("strong", &["account_settings"]).await;
    let send = account.path(&format!("/users/{}/actions/send-activation", strong.id()));
    program.call("POST", &send).send().await.problem(403, "permission_required");
}

#[tokio::test]
async fn a_key_does_not_lift_its_own_limits() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let mut limited = draft("Import", &["api_keys", "user_permissions"]);
    limited["networks"] = json!(["127.0.0.0/8"]);
    limited["expires_at"] = json!(app.now() + chrono::TimeDelta::hours(1));
    let program = account.program_of(&root, limited).await;
    let before = program.get(&program.path("")).await.header("etag").to_owned();
    program.put(&program.path(""), draft("Import", &["api_keys", "user_permissions"])).await.problem(409, "conflict");
    assert_eq!(program.get(&program.path("")).await.header("etag"), before);
}

#[tokio::test]
async fn nobody_manages_a_key_that_was_given_more_than_they_could_give() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let strong = account.program("strong", &["account_settings", "user_permissions"]).await;
    let weak = account.program("weak", &["api_keys", "user_permissions"]).await;
    let keeper = account.admin(&["api_keys"]).await;
    for reply in [
        weak.put(&strong.path(""), draft("strong", &["user_permissions"])).await,
        weak.post(&strong.path("/rotate"), json!({})).await,
        weak.delete(&strong.path("")).await,
        keeper.put(&strong.path(""), draft("strong", &[])).await,
        keeper.post(&strong.path("/rotate"), json!({ "overlap_seconds": 0 })).await,
    ] {
        assert_eq!(reply.problem(403, "permission_required")["permission"], "account_settings");
    }
    strong.get(&users(&account)).await.ok(200);
    // A person may revoke it: that is what a stolen key calls for.
    keeper.delete(&strong.path("")).await.empty(204);
    strong.get(&users(&account)).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn an_application_s_permission_is_given_as_to_users() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let name = "crm.invoices.approve";
    root.post("/v1/permissions", json!({ "name": name, "description": "Approves." })).await.ok(201);
    let people = account.admin(&["api_keys", "user_permissions"]).await;
    let program = account.program_of(&people, draft("CRM", &[name])).await;
    assert_eq!(program.body["key"]["effective_permissions"], json!([name]));
    let other = account.admin(&["api_keys"]).await;
    other.post(&account.path("/api-keys"), draft("x", &[name])).await.problem(403, "permission_required");
    // It is taken from keys too when the application takes it back.
    root.delete(&format!("/v1/permissions/{name}")).await.empty(204);
    assert_eq!(root.get(&program.path("")).await.ok(200)["permissions"], json!([]));
}

/// The other administrator is there so that the account keeps one.
async fn administrator(account: &crate::support::Account) -> User {
    account.admin(&["api_keys", "user_permissions"]).await;
    account.admin(&["api_keys", "user_permissions"]).await
}

#[tokio::test]
async fn a_key_that_acts_upon_who_answers_for_it_undoes_itself() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = administrator(&account).await;
    let program = account.program_of(&admin, draft("Import", &["api_keys", "user_permissions"])).await;
    program.call("POST", &account.path(&format!("/users/{}/actions/disable", admin.id()))).send().await.empty(204);
    program
        .call("POST", &account.path(&format!("/users/{}/actions/enable", admin.id())))
        .send()
        .await
        .problem(401, "invalid_token");
    account.act_on(&admin, "enable").await.empty(204);
    program.delete(&account.path(&format!("/users/{}", admin.id()))).await.empty(204);
    program.get(&users(&account)).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn the_last_administrator_is_safe_from_keys_and_no_key_counts_as_one() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["api_keys", "user_permissions"]).await;
    let program = account.program("Import", &["api_keys", "user_permissions"]).await;
    let own = account.path(&format!("/users/{}", admin.id()));
    program.delete(&own).await.problem(409, "conflict");
    program.call("POST", &format!("{own}/actions/disable")).send().await.problem(409, "conflict");
    program.put(&format!("{own}/permissions"), json!({ "permissions": [] })).await.problem(409, "conflict");
}
