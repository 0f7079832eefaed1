//! Administrators who work concurrently do not block each other, or anybody else.

use serde_json::json;

use crate::support::{TestApp, in_parallel};

/// Creating with an `Idempotency-Key` locks the administrator, and the new row refers to the account; granting locks the
/// account, and then the administrator.
#[tokio::test]
async fn creating_once_and_granting_at_the_same_moment_do_not_wait_for_each_other() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings", "user_permissions"]).await;
    let session = admin.session().await;
    let permissions = account.path(&format!("/users/{}/permissions", account.user("bob").await.id()));
    let replies = in_parallel(60, |n| {
        let call = if n % 2 == 0 {
            let call = session.call("POST", &account.path("/users")).header("idempotency-key", &format!("key-{n}"));
            call.json(&json!({ "username": format!("person-{n}") }))
        } else {
            let held: &[&str] = if n % 4 == 1 { &["account_settings"] } else { &[] };
            session.call("PUT", &permissions).json(&json!({ "permissions": held }))
        };
        call.send()
    })
    .await;
    for reply in replies {
        assert!((200..300).contains(&reply.status), "{reply:?}");
    }
}
