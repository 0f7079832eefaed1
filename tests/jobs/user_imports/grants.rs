//! No escalation by import.

use serde_json::json;

use super::{NDJSON, counts, errors, import, users};
use crate::support::TestApp;

const FILE: &str = r#"{"username":"ann","permissions":["user_permissions"]}
{"username":"bob","permissions":["account_settings"]}
{"username":"carol","permissions":["user_permissions","password_management"]}
{"username":"dave","permissions":["platform_administration"]}
{"username":"eve"}
"#;

#[tokio::test]
async fn nobody_grants_by_import_what_they_do_not_hold() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let done = import(&by, &account, NDJSON, FILE).await;
    assert_eq!(counts(&done), (2, 0, 3));
    let told: Vec<_> = errors(&by, &account, &done).await;
    assert_eq!(
        told.iter().map(|error| (error.0, error.1.as_str())).collect::<Vec<_>>(),
        [(2, "grant_refused"), (3, "grant_refused"), (4, "grant_refused"),]
    );
    assert_eq!(told[0].2, "permissions: account_settings can be granted only by somebody who holds it");
    let kept: Vec<_> = users(&by, &account).await.iter().map(|user| user["username"].clone()).collect();
    assert_eq!(kept, ["ann", "eve"]);
    // Somebody who holds more finishes it; who was refused is no conflict then.
    let stronger = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    assert_eq!(counts(&import(&stronger, &account, NDJSON, FILE).await), (2, 2, 1));
}

#[tokio::test]
async fn the_platform_administrator_grants_in_an_account_what_has_meaning_there() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let done = import(&root, &account, NDJSON, FILE).await;
    assert_eq!(counts(&done), (4, 0, 1));
    let told = errors(&root, &account, &done).await;
    assert_eq!(told[0].2, "permissions: platform_administration can be held only in the platform's own account");
}

#[tokio::test]
async fn an_import_wants_a_recent_sign_in() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let session = admin.sign_in().await;
    app.wait(chrono::TimeDelta::minutes(15) + chrono::TimeDelta::seconds(1));
    let session = session.refresh().await.session();
    let call = session.call("POST", &account.path("/user-imports")).header("content-type", NDJSON).bytes(FILE);
    call.send().await.problem(401, "reauthentication_required");
}

#[tokio::test]
async fn permissions_of_applications_are_granted_by_import_once_they_are_registered() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let file = "{\"username\":\"ann\",\"permissions\":[\"crm.invoices.approve\"]}\n{\"username\":\"bob\"}\n";
    let done = import(&by, &account, NDJSON, file).await;
    assert_eq!(counts(&done), (1, 0, 1));
    let told = errors(&by, &account, &done).await;
    assert_eq!(told[0].1, "unknown_permission");
    assert_eq!(told[0].2, "permissions: no application has registered crm.invoices.approve");
    let new = json!({ "name": "crm.invoices.approve", "description": "Approves invoices." });
    app.platform_admin().await.post("/v1/permissions", new).await.ok(201);
    assert_eq!(counts(&import(&by, &account, NDJSON, file).await), (1, 1, 0));
    assert_eq!(users(&by, &account).await[0]["permissions"], json!(["crm.invoices.approve"]));
}
