//! An importer who knows the secret of an authenticator app gains nothing from it, whoever has the password.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{NDJSON, counts, import, users};
use crate::{
    jobs::bulk_jobs::run,
    support::{Account, PASSWORD, Phone, Reply, TestApp, User},
};

/// Twenty bytes that whoever imports them knows.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// Its password is `seven purple herons`.
const HASH: &str = "$2b$04$M9NW5cMCmeL2WuULoU5nkuPUg4D6DROrDyxWsIipCnrxFUsRV6wKS";

/// What the refusal says that has to be done.
const RESET_FIRST: &str = "reset the second factor first";

#[track_caller]
fn refused(reply: &Reply, way_out: &str) {
    let problem = reply.problem(409, "conflict");
    assert!(problem["detail"].as_str().unwrap().contains(way_out), "{problem:?}");
}

/// An account into which a helper, who holds `user_permissions` alone, has imported Bob.
struct Imported {
    app: TestApp,
    account: Account,
    helper: User,
    /// Somebody of the account who holds more.
    ann: User,
    root: User,
    bob: String,
}

impl Imported {
    /// With an authenticator app and without a password. Then Bob has chosen a password that nobody else knows.
    async fn with_own_password() -> Self {
        let story = Self::of(json!({ "username": "bob", "totp_secret": SECRET })).await;
        refused(&story.grant(json!(["password_management"])).await, "send an activation code first");
        story.choose_own(&story.bob).await;
        story
    }

    async fn of(bob: Value) -> Self {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        let helper = account.user_with("helper", &["user_permissions"]).await;
        let ann = account.user_with("ann", &["user_permissions", "password_management", "account_settings"]).await;
        let root = app.platform_admin().await;
        let mut story = Self { app, account, helper, ann, root, bob: String::new() };
        story.bob = story.import(&story.helper, bob).await;
        story
    }

    /// The id of the user who is imported.
    async fn import(&self, by: &User, record: Value) -> String {
        assert_eq!(counts(&import(by, &self.account, NDJSON, record.to_string()).await), (1, 0, 0));
        let found = users(by, &self.account).await;
        let user = found.iter().find(|user| user["username"] == record["username"]).unwrap();
        user["id"].as_str().unwrap().to_owned()
    }

    fn path(&self, below: &str) -> String {
        self.account.path(&format!("/users/{}{below}", self.bob))
    }

    async fn grant(&self, permissions: Value) -> Reply {
        self.ann.put(&self.path("/permissions"), json!({ "permissions": permissions })).await
    }

    async fn role(&self, name: &str, permissions: Value) -> String {
        let draft = json!({ "name": name, "permissions": permissions });
        self.ann.post(&self.account.path("/roles"), draft).await.ok(201)["id"].as_str().unwrap().to_owned()
    }

    async fn choose_own(&self, user: &str) {
        let code = self.ann.act(&self.account.path(&format!("/users/{user}/actions/send-activation"))).await.ok(200);
        let body = json!({ "code": code["code"], "new_password": PASSWORD });
        self.app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    }

    async fn reset(&self) {
        self.ann.act(&self.path("/actions/reset-two-factor")).await.empty(204);
    }

    /// What Bob holds.
    async fn held(&self) -> Value {
        self.root.get(&self.path("")).await.ok(200)["permissions"].clone()
    }

    /// Gives the helper these permissions.
    async fn make_helper(&self, permissions: Value) {
        let path = self.account.path(&format!("/users/{}/permissions", self.helper.id()));
        self.root.put(&path, json!({ "permissions": permissions })).await.ok(200);
    }
}

#[tokio::test]
async fn a_grant_to_the_user_waits_for_a_reset_of_the_factor() {
    let story = Imported::with_own_password().await;
    refused(&story.grant(json!(["password_management"])).await, RESET_FIRST);
    // By whomever.
    let permissions = json!({ "permissions": ["user_permissions", "password_management", "account_settings"] });
    refused(&story.root.put(&story.path("/permissions"), permissions).await, RESET_FIRST);
    assert_eq!(story.held().await, json!([]));
    // What the importer holds anyway can be granted.
    story.grant(json!(["user_permissions"])).await.ok(200);
    story.reset().await;
    story.grant(json!(["user_permissions", "password_management"])).await.ok(200);
}

#[tokio::test]
async fn so_does_a_role() {
    let story = Imported::with_own_password().await;
    let strong = story.role("Strong", json!(["user_permissions", "password_management"])).await;
    let weak = story.role("Weak", json!(["user_permissions"])).await;
    let give = async |roles: &[&str]| story.ann.put(&story.path("/roles"), json!({ "role_ids": roles })).await;
    refused(&give(&[&weak, &strong]).await, RESET_FIRST);
    assert_eq!(story.held().await, json!([]), "nothing of it was done");
    give(&[&weak]).await.ok(200);
    story.reset().await;
    give(&[&weak, &strong]).await.ok(200);
}

#[tokio::test]
async fn so_does_what_is_added_to_a_role_that_the_user_has() {
    let story = Imported::with_own_password().await;
    let role = story.role("Staff", json!([])).await;
    story.ann.put(&story.path("/roles"), json!({ "role_ids": [role] })).await.ok(200);
    let replace = async |permissions: Value| {
        let draft = json!({ "name": "Staff", "permissions": permissions });
        story.ann.put(&story.account.path(&format!("/roles/{role}")), draft).await
    };
    refused(&replace(json!(["password_management"])).await, RESET_FIRST);
    assert_eq!(story.held().await, json!([]), "nothing of it was done");
    replace(json!(["user_permissions"])).await.ok(200);
    story.reset().await;
    replace(json!(["user_permissions", "password_management"])).await.ok(200);
}

#[tokio::test]
async fn so_does_what_a_bulk_job_grants() {
    let story = Imported::with_own_password().await;
    let role = story.role("Strong", json!(["password_management"])).await;
    let grant = json!({ "action": "grant_permissions", "permissions": ["password_management"], "users": [story.bob] });
    let give = json!({ "action": "assign_roles", "role_ids": [role], "users": [story.bob] });
    for order in [&grant, &give] {
        let job = run(&story.ann, &story.account, order.clone()).await;
        assert_eq!(job["failed"], 1, "{job}");
        let outcomes = story.account.path(&format!("/bulk-jobs/{}/outcomes", job["id"].as_str().unwrap()));
        let outcome = story.ann.get(&outcomes).await.ok(200)["items"][0].clone();
        assert_eq!(outcome["code"], "conflict", "{outcome}");
        assert!(outcome["message"].as_str().unwrap().contains(RESET_FIRST), "{outcome}");
    }
    assert_eq!(story.held().await, json!([]));
    story.reset().await;
    for order in [grant, give] {
        let job = run(&story.ann, &story.account, order).await;
        assert_eq!(job["succeeded"], 1, "{job}");
    }
}

#[tokio::test]
async fn a_device_that_the_user_enrols_after_the_reset_is_the_user_s_own() {
    let story = Imported::with_own_password().await;
    story.reset().await;
    story.account.set_mode("all_users").await;
    let bob = User::new(story.app.client(), &story.account.slug, "bob");
    bob.sign_in().await;
    assert_eq!(story.root.get(&story.path("")).await.ok(200)["two_factor"]["status"], "enrolled");
    let permissions = json!({ "permissions": ["password_management"] });
    story.root.put(&story.path("/permissions"), permissions).await.ok(200);
}

#[tokio::test]
async fn a_device_that_was_enrolled_with_an_imported_password_is_not() {
    let story = Imported::of(json!({ "username": "bob", "password_hash": HASH })).await;
    story.account.set_mode("all_users").await;
    // It may be the helper who does this.
    let bob = User::new(story.app.client(), &story.account.slug, "bob");
    bob.remember_password("seven purple herons");
    bob.sign_in().await;
    let grant = async || {
        let permissions = json!({ "permissions": ["password_management"] });
        story.root.put(&story.path("/permissions"), permissions).await
    };
    refused(&grant().await, "send an activation code first");
    let code = story.root.act(&story.path("/actions/send-activation")).await.ok(200);
    let body = json!({ "code": code["code"], "new_password": PASSWORD });
    story.app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    refused(&grant().await, RESET_FIRST);
    story.root.act(&story.path("/actions/reset-two-factor")).await.empty(204);
    grant().await.ok(200);
}

#[tokio::test]
async fn an_own_password_leaves_the_factor_as_it_was() {
    let story = Imported::with_own_password().await;
    let bob = User::new(story.app.client(), &story.account.slug, "bob");
    let phone = Phone::with_secret(story.app.client(), &data_encoding::BASE32_NOPAD.decode(SECRET.as_bytes()).unwrap());
    bob.login().await.challenge("totp").code(&phone.code()).await.session();
    // To sign in with it does not make it known to nobody else.
    refused(&story.grant(json!(["password_management"])).await, RESET_FIRST);
}

#[tokio::test]
async fn what_the_importer_could_grant_at_that_moment_counts() {
    let story = Imported::with_own_password().await;
    story.make_helper(json!(["user_permissions", "password_management"])).await;
    story.grant(json!(["password_management"])).await.ok(200);
    story.make_helper(json!(["user_permissions"])).await;
    // What the user has stays.
    assert_eq!(story.held().await, json!(["password_management"]));
    refused(&story.grant(json!(["password_management", "account_settings"])).await, RESET_FIRST);
    story.grant(json!([])).await.ok(200);
    refused(&story.grant(json!(["password_management"])).await, RESET_FIRST);
    // Who is disabled or gone grants nothing, and knows the secret all the same.
    let helper = story.account.path(&format!("/users/{}", story.helper.id()));
    story.root.act(&format!("{helper}/actions/disable")).await.empty(204);
    refused(&story.grant(json!(["user_permissions"])).await, RESET_FIRST);
    story.root.delete(&helper).await.empty(204);
    refused(&story.grant(json!(["user_permissions"])).await, RESET_FIRST);
    story.reset().await;
    story.grant(json!(["user_permissions", "password_management"])).await.ok(200);
}

#[tokio::test]
async fn a_user_whom_the_administrator_of_the_platform_imported_can_get_anything() {
    let mut story = Imported::with_own_password().await;
    let carl = json!({ "username": "carl", "totp_secret": SECRET });
    story.bob = story.import(&story.root, carl).await;
    story.grant(json!(["password_management"])).await.ok(200);
}

#[tokio::test]
async fn of_devices_from_before_somebody_knows_the_secret_too() {
    let mut story = Imported::of(json!({ "username": "bob", "totp_secret": SECRET })).await;
    let carl = story.import(&story.helper, json!({ "username": "carl", "totp_secret": SECRET })).await;
    story.app.wait(TimeDelta::seconds(1));
    story.choose_own(&story.bob).await;
    // As if it had not been written down until now.
    story.app.tamper_with_database(
        "DROP TABLE known_factors; DELETE FROM __diesel_schema_migrations WHERE version = '00000000000017'",
    );
    story.app.restart().await;
    // Who imported Carl is known as long as his password is not his own, and stays so.
    story.choose_own(&carl).await;
    refused(&story.grant(json!(["password_management"])).await, RESET_FIRST);
    let bob = std::mem::replace(&mut story.bob, carl);
    refused(&story.grant(json!(["password_management"])).await, RESET_FIRST);
    story.make_helper(json!(["user_permissions", "password_management"])).await;
    story.grant(json!(["password_management"])).await.ok(200);
    // Who imported Bob is not known any more, so nobody can have been.
    story.bob = bob;
    refused(&story.grant(json!(["password_management"])).await, RESET_FIRST);
    story.reset().await;
    story.grant(json!(["password_management"])).await.ok(200);
}
