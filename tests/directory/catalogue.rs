//! The catalog of permissions: built-in ones, and those that applications register.

use serde_json::{Value, json};

use crate::support::TestApp;

async fn register(app: &TestApp, name: &str) {
    let new = json!({ "name": name, "description": "Approves invoices." });
    app.platform_admin().await.post("/v1/permissions", new).await.ok(201);
}

#[tokio::test]
async fn it_lists_ours_and_what_applications_have_registered() {
    let app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    let root = app.platform_admin().await;
    let new = json!({ "name": "crm.invoices.approve", "description": " Approves invoices. " });
    let created = root.post("/v1/permissions", new.clone()).await;
    assert_eq!(created.header("location"), "/v1/permissions/crm.invoices.approve");
    let body = created.ok(201);
    assert_eq!((&body["application"], &body["description"]), (&json!("crm"), &json!("Approves invoices.")));
    root.post("/v1/permissions", new).await.problem(409, "conflict");
    register(&app, "accounting.ledgers.read").await;
    let items = ann.get("/v1/permissions").await.ok(200)["items"].clone();
    let names: Vec<_> = items.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    let ours = [
        "account_settings",
        "password_management",
        "user_permissions",
        "api_keys",
        "audit_read",
        "platform_administration",
    ];
    assert_eq!(names[..ours.len()], ours);
    assert_eq!(names[ours.len()..], ["accounting.ledgers.read", "crm.invoices.approve"]);
    assert_eq!((&items[0]["application"], &items[0]["registered_at"]), (&Value::Null, &Value::Null));
    assert!(items.as_array().unwrap().iter().all(|item| !item["description"].as_str().unwrap().is_empty()));
}

#[tokio::test]
async fn what_is_no_application_s_name_is_refused_and_ours_stay() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    for name in ["", "crm", "crm.read", "crm.a.b.c", "CRM.a.b", "crm..b", "user_permissions", "latchkey.a.b", "crm.a.*"]
    {
        let new = json!({ "name": name, "description": "x" });
        let problem = root.post("/v1/permissions", new).await.problem(422, "validation_failed");
        assert_eq!(problem.errors(), [("/name", "invalid")], "{name}");
    }
    for name in ["user_permissions", "crm.unknown.thing", "x"] {
        root.delete(&format!("/v1/permissions/{name}")).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn who_administers_people_grants_them_first_and_they_travel_in_tokens() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let path = account.path(&format!("/users/{}/permissions", ann.id()));
    let wanted = json!({ "permissions": ["crm.invoices.approve"] });
    let problem = admin.put(&path, wanted.clone()).await.problem(422, "validation_failed");
    assert_eq!(problem.errors(), [("/permissions", "unknown_permission")], "nobody has registered it");

    register(&app, "crm.invoices.approve").await;
    admin.put(&path, wanted.clone()).await.ok(200);
    let session = ann.sign_in().await;
    assert_eq!(session.claims()["permissions"], json!(["crm.invoices.approve"]));
    // It opens nothing here.
    session.get(&account.path("/users")).await.problem(403, "permission_required");
    session.get(&account.path("/two-factor-policy")).await.problem(403, "permission_required");
    // At creation and by a role likewise.
    let bob = account.invited(json!({ "username": "bob", "permissions": ["crm.invoices.approve"] })).await;
    assert_eq!(account.look_at(&bob).await["permissions"], json!(["crm.invoices.approve"]));
    let role = json!({ "name": "Sales", "permissions": ["crm.invoices.approve"] });
    admin.post(&account.path("/roles"), role).await.ok(201);
    // Who neither holds it nor administers people cannot.
    let settings = account.admin(&["account_settings"]).await;
    settings.put(&path, wanted).await.problem(403, "permission_required");
}

#[tokio::test]
async fn what_an_application_takes_back_nobody_holds_any_more() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    for name in ["crm.invoices.approve", "crm.invoices.read"] {
        register(&app, name).await;
    }
    let ann = account.user("ann").await;
    let permissions = account.path(&format!("/users/{}/permissions", ann.id()));
    let both = json!({ "permissions": ["crm.invoices.approve", "crm.invoices.read"] });
    admin.put(&permissions, both).await.ok(200);
    let role = json!({ "name": "Sales", "permissions": ["crm.invoices.approve"] });
    let role = admin.post(&account.path("/roles"), role).await.ok(201)["id"].as_str().unwrap().to_owned();
    let session = ann.sign_in().await;
    app.platform_admin().await.delete("/v1/permissions/crm.invoices.approve").await.empty(204);
    assert_eq!(session.refresh().await.session().claims()["permissions"], json!(["crm.invoices.read"]));
    assert_eq!(admin.get(&account.path(&format!("/roles/{role}"))).await.ok(200)["permissions"], json!([]));
    let again = json!({ "permissions": ["crm.invoices.approve"] });
    admin.put(&permissions, again).await.problem(422, "validation_failed");
}

#[tokio::test]
async fn there_are_never_more_than_a_token_can_carry() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let root = app.platform_admin().await;
    let names: Vec<_> = (0..100).map(|number| format!("crm.{}{number:03}.read", "x".repeat(52))).collect();
    for name in &names {
        root.post("/v1/permissions", json!({ "name": name, "description": "x" })).await.ok(201);
    }
    let one_more = json!({ "name": "crm.a.b", "description": "x" });
    root.post("/v1/permissions", one_more).await.problem(409, "conflict");
    let path = account.path(&format!("/users/{}/permissions", ann.id()));
    admin.put(&path, json!({ "permissions": names })).await.ok(200);
    let session = ann.sign_in().await;
    assert_eq!(session.claims()["permissions"].as_array().unwrap().len(), 100);
    session.me().await.ok(200);
}
