//! A file is imported once, however often it is sent.

use serde_json::json;

use super::{CSV, NDJSON, counts, errors, import, users};
use crate::support::TestApp;

const FILE: &str = r#"{"username":"ann","email":"ann@example.org","totp_secret":"JBSWY3DPEHPK3PXP"}
{"username":"bob","permissions":["user_permissions"],"password_hash":"$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO"}
{"username":"ann","email":"ann@example.org","totp_secret":"jbsw y3dp ehpk 3pxp"}
"#;

#[tokio::test]
async fn a_second_run_of_the_same_file_changes_nothing() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    // The same user twice in one file is one user.
    assert_eq!(counts(&import(&by, &account, NDJSON, FILE).await), (2, 1, 0));
    let before = users(&by, &account).await;
    assert_eq!(counts(&import(&by, &account, NDJSON, FILE).await), (0, 3, 0));
    assert_eq!(users(&by, &account).await, before);
    // Nor does the same in the other format.
    let csv = "email,username,totp_secret\nann@example.org,ann,JBSWY3DPEHPK3PXP\n";
    assert_eq!(counts(&import(&by, &account, CSV, csv).await), (0, 1, 0));
    assert_eq!(users(&by, &account).await, before);
}

#[tokio::test]
async fn a_second_run_leaves_alone_what_has_become_of_the_users() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    import(&by, &account, NDJSON, FILE).await;
    let bob = users(&by, &account).await.into_iter().find(|user| user["username"] == "bob").unwrap();
    let path = account.path(&format!("/users/{}", bob["id"].as_str().unwrap()));
    by.put(&format!("{path}/permissions"), json!({ "permissions": [] })).await.ok(200);
    by.act(&format!("{path}/actions/disable")).await.empty(204);
    let before = users(&by, &account).await;
    assert_eq!(counts(&import(&by, &account, NDJSON, FILE).await), (0, 3, 0));
    assert_eq!(users(&by, &account).await, before);
}

#[tokio::test]
async fn a_user_who_is_there_is_never_overwritten() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let carol = account.user("carol").await;
    import(&by, &account, NDJSON, FILE).await;
    let before = users(&by, &account).await;
    let other = r#"{"username":"ANN","email":"ann@example.org","totp_secret":"JBSWY3DPEHPK3PXP"}
{"username":"ann"}
{"username":"carol","password_hash":"$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO"}
"#;
    let done = import(&by, &account, NDJSON, other).await;
    assert_eq!(counts(&done), (0, 0, 3));
    let codes: Vec<_> = errors(&by, &account, &done).await.into_iter().map(|(line, code, _)| (line, code)).collect();
    assert_eq!(codes, [1, 2, 3].map(|line| (line, "conflict".to_owned())));
    assert_eq!(users(&by, &account).await, before);
    // And goes on signing in with the own password.
    carol.sign_in().await;
}
