//! An importer who knows a password gains nothing from it.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use super::{NDJSON, counts, finished, import, users};
use crate::support::{Account, OTHER_PASSWORD, PASSWORD, Reply, TestApp, User};

/// Its password is `seven purple herons`, as whoever imports it may know.
const WITH_PASSWORD: &str = r#"{"username":"bob","password_hash":"$2b$04$M9NW5cMCmeL2WuULoU5nkuPUg4D6DROrDyxWsIipCnrxFUsRV6wKS"}
"#;

/// An account into which a helper, who holds `user_permissions` alone, has imported Bob with a password.
struct Imported {
    account: Account,
    helper: User,
    root: User,
    bob: String,
}

impl Imported {
    async fn of(app: &TestApp) -> Self {
        let account = app.account("acme").await;
        let helper = account.admin(&["user_permissions"]).await;
        // Somebody has to stay who can grant.
        account.admin(&["user_permissions", "password_management"]).await;
        assert_eq!(counts(&import(&helper, &account, NDJSON, WITH_PASSWORD).await), (1, 0, 0));
        let found = users(&helper, &account).await;
        let bob = found.iter().find(|user| user["username"] == "bob").unwrap()["id"].as_str().unwrap().to_owned();
        Self { account, helper, root: app.platform_admin().await, bob }
    }

    async fn grant(&self, permissions: Value) -> Reply {
        let path = self.account.path(&format!("/users/{}/permissions", self.bob));
        self.root.put(&path, json!({ "permissions": permissions })).await
    }

    async fn give(&self, roles: &[&str]) -> Reply {
        let path = self.account.path(&format!("/users/{}/roles", self.bob));
        self.root.put(&path, json!({ "role_ids": roles })).await
    }

    async fn role(&self, name: &str, permissions: Value) -> String {
        let draft = json!({ "name": name, "permissions": permissions });
        self.root.post(&self.account.path("/roles"), draft).await.ok(201)["id"].as_str().unwrap().to_owned()
    }

    async fn replace_role(&self, role: &str, permissions: Value) -> Reply {
        let draft = json!({ "name": "Other", "permissions": permissions });
        self.root.put(&self.account.path(&format!("/roles/{role}")), draft).await
    }

    /// Bob chooses a password that nobody else knows.
    async fn choose_own(&self, app: &TestApp) {
        let path = self.account.path(&format!("/users/{}/actions/send-activation", self.bob));
        let code = self.root.act(&path).await.ok(200);
        let body = json!({ "code": code["code"], "new_password": PASSWORD });
        app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    }

    async fn held(&self) -> Value {
        self.root.get(&self.account.path(&format!("/users/{}", self.bob))).await.ok(200)["permissions"].clone()
    }
}

#[tokio::test]
async fn a_grant_to_the_user_waits_for_a_password_of_their_own() {
    let app = TestApp::start().await;
    let story = Imported::of(&app).await;
    story.grant(json!(["password_management"])).await.problem(409, "conflict");
    // What the importer holds anyway can be granted.
    story.grant(json!(["user_permissions"])).await.ok(200);
    story.grant(json!([])).await.ok(200);
    story.choose_own(&app).await;
    story.grant(json!(["password_management"])).await.ok(200);
}

#[tokio::test]
async fn so_does_a_role() {
    let app = TestApp::start().await;
    let story = Imported::of(&app).await;
    let strong = story.role("Strong", json!(["user_permissions", "password_management"])).await;
    let weak = story.role("Weak", json!(["user_permissions"])).await;
    story.give(&[&weak, &strong]).await.problem(409, "conflict");
    assert_eq!(story.held().await, json!([]), "nothing of it was done");
    story.give(&[&weak]).await.ok(200);
    story.choose_own(&app).await;
    story.give(&[&weak, &strong]).await.ok(200);
    assert_eq!(story.held().await, json!(["password_management", "user_permissions"]));
}

#[tokio::test]
async fn so_does_what_is_added_to_a_role_that_the_user_has() {
    let app = TestApp::start().await;
    let story = Imported::of(&app).await;
    let role = story.role("Staff", json!([])).await;
    story.give(&[&role]).await.ok(200);
    story.replace_role(&role, json!(["password_management"])).await.problem(409, "conflict");
    assert_eq!(story.held().await, json!([]), "nothing of it was done");
    story.replace_role(&role, json!(["user_permissions"])).await.ok(200);
    story.replace_role(&role, json!([])).await.ok(200);
    story.choose_own(&app).await;
    story.replace_role(&role, json!(["password_management"])).await.ok(200);
}

#[tokio::test]
async fn what_the_importer_could_grant_counts_not_what_the_importer_holds() {
    let app = TestApp::start().await;
    let story = Imported::of(&app).await;
    let new = json!({ "name": "crm.invoices.approve", "description": "Approves invoices." });
    story.root.post("/v1/permissions", new).await.ok(201);
    // Who administers people hands out what applications brought along.
    story.grant(json!(["crm.invoices.approve"])).await.ok(200);
    story.grant(json!([])).await.ok(200);
    let helper = story.account.path(&format!("/users/{}", story.helper.id()));
    // Who does not administer people any more grants nothing, nor does who is disabled.
    let held = story.account.path(&format!("/users/{}/permissions", story.helper.id()));
    story.root.put(&held, json!({ "permissions": ["account_settings"] })).await.ok(200);
    story.grant(json!(["crm.invoices.approve"])).await.problem(409, "conflict");
    story.grant(json!(["account_settings"])).await.ok(200);
    story.grant(json!([])).await.ok(200);
    story.root.act(&format!("{helper}/actions/disable")).await.empty(204);
    story.grant(json!(["account_settings"])).await.problem(409, "conflict");
}

#[tokio::test]
async fn an_importer_who_is_gone_knows_the_password_all_the_same() {
    let app = TestApp::start().await;
    let story = Imported::of(&app).await;
    story.grant(json!(["user_permissions"])).await.ok(200);
    let role = story.role("Staff", json!([])).await;
    story.give(&[&role]).await.ok(200);
    story.root.delete(&story.account.path(&format!("/users/{}", story.helper.id()))).await.empty(204);
    // What the user has stays; there is nothing new until the password is the user's own.
    story.grant(json!(["user_permissions", "password_management"])).await.problem(409, "conflict");
    story.replace_role(&role, json!(["password_management"])).await.problem(409, "conflict");
    assert_eq!(story.held().await, json!(["user_permissions"]));
    story.choose_own(&app).await;
    story.replace_role(&role, json!(["password_management"])).await.ok(200);
}

#[tokio::test]
async fn a_user_whom_the_administrator_of_the_platform_imported_can_get_anything() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    // The administrator of the platform holds everything.
    assert_eq!(counts(&import(&root, &account, NDJSON, WITH_PASSWORD).await), (1, 0, 0));
    let bob = users(&root, &account).await[0]["id"].as_str().unwrap().to_owned();
    let path = account.path(&format!("/users/{bob}/permissions"));
    root.put(&path, json!({ "permissions": ["password_management"] })).await.ok(200);
}

#[tokio::test]
async fn whoever_knows_the_password_makes_none_of_their_own_out_of_it() {
    let app = TestApp::start().await;
    let story = Imported::of(&app).await;
    let refused = async || {
        story.grant(json!(["password_management"])).await.problem(409, "conflict");
    };
    // The helper signs in as Bob and changes the password,
    let as_bob = User::new(app.client(), &story.account.slug, "bob");
    as_bob.remember_password("seven purple herons");
    let change = json!({ "current_password": "seven purple herons", "new_password": OTHER_PASSWORD });
    as_bob.session().await.post("/v1/me/password", change).await.empty(204);
    as_bob.remember_password(OTHER_PASSWORD);
    refused().await;
    // does so once more where the sign-in asks for it,
    story
        .root
        .act(&story.account.path(&format!("/users/{}/actions/require-password-change", story.bob)))
        .await
        .empty(204);
    as_bob.login().await.challenge("password_change").new_password(PASSWORD).await.session();
    refused().await;
    // and orders a code for it.
    let path = story.account.path(&format!("/users/{}/actions/send-activation", story.bob));
    let code = story.helper.act(&path).await.ok(200);
    let body = json!({ "code": code["code"], "new_password": OTHER_PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    refused().await;
    story.choose_own(&app).await;
    story.grant(json!(["password_management"])).await.ok(200);
}

#[tokio::test]
async fn a_key_that_is_gone_grants_nothing_of_ours() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let boss = account.admin(&["user_permissions", "password_management", "api_keys"]).await;
    let new = json!({ "name": "crm.invoices.approve", "description": "Approves invoices." });
    root.post("/v1/permissions", new).await.ok(201);
    let path = account.path("/api-keys");
    let end = (app.now() + TimeDelta::days(1)).to_rfc3339_opts(SecondsFormat::Secs, true);
    for (name, expires_at) in [("revoked", Value::Null), ("ended", json!(end))] {
        let draft = json!({ "name": name, "permissions": ["user_permissions"], "expires_at": expires_at });
        let key = boss.post(&path, draft).await.ok(201);
        let import = app.call("POST", &account.path("/user-imports")).bearer(key["secret"].as_str().unwrap());
        let import = import.file(NDJSON, WITH_PASSWORD.replace("bob", name)).send().await.ok(202);
        assert_eq!(counts(&finished(&boss, &account, &import).await), (1, 0, 0));
        let found = users(&boss, &account).await;
        let user = found.iter().find(|user| user["username"] == name).unwrap()["id"].as_str().unwrap().to_owned();
        let permissions = account.path(&format!("/users/{user}/permissions"));
        let grant = async |permission: &str| root.put(&permissions, json!({ "permissions": [permission] })).await;
        grant("password_management").await.problem(409, "conflict");
        if expires_at.is_null() {
            boss.delete(&format!("{path}/{}", key["key"]["id"].as_str().unwrap())).await.empty(204);
        } else {
            app.wait(TimeDelta::days(2));
        }
        // The person who answered for it may, and is not who knows the password.
        grant("password_management").await.problem(409, "conflict");
        grant("user_permissions").await.problem(409, "conflict");
        grant("crm.invoices.approve").await.ok(200);
    }
}
