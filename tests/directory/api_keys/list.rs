//! Lists the API keys of an account, page by page.

use serde_json::json;

use crate::support::{TestApp, all_pages};

#[tokio::test]
async fn all_keys_of_the_account_are_listed_oldest_first() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    other.program("elsewhere", &[]).await;
    let admin = account.admin(&["api_keys"]).await;
    let mut names = Vec::new();
    for number in 0..7 {
        app.wait(chrono::TimeDelta::milliseconds(1));
        let name = format!("key {number}");
        account.program(&name, &["user_permissions"]).await;
        names.push(name);
    }
    for limit in [1, 3, 7, 50] {
        let keys = all_pages(&admin, &account.path("/api-keys"), limit).await;
        assert_eq!(keys.iter().map(|key| key["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
        for key in &keys {
            let read = admin.get(&account.path(&format!("/api-keys/{}", key["id"].as_str().unwrap()))).await.ok(200);
            assert_eq!(*key, read);
        }
    }
    admin.get(&account.path("/api-keys?cursor=!")).await.problem(400, "malformed_request");
    admin.get(&account.path("/api-keys?limit=0")).await.problem(400, "malformed_request");
}

#[tokio::test]
async fn keys_of_other_accounts_are_not_found() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let program = account.program("Import", &["user_permissions", "api_keys"]).await;
    let stranger = other.admin(&["api_keys", "user_permissions"]).await;
    let strange =
        other.program_of(&stranger, json!({ "name": "x", "permissions": ["api_keys", "user_permissions"] })).await;
    // In its own account's name, and under the stranger's.
    let borrowed = other.path(&format!("/api-keys/{}", program.id));
    for path in [program.path(""), borrowed] {
        let draft = json!({ "name": "x", "permissions": [] });
        for reply in [
            stranger.get(&path).await,
            stranger.put(&path, draft.clone()).await,
            stranger.post(&format!("{path}/rotate"), json!({})).await,
            stranger.delete(&path).await,
            strange.get(&path).await,
            strange.put(&path, draft).await,
            strange.post(&format!("{path}/rotate"), json!({})).await,
            strange.delete(&path).await,
        ] {
            reply.problem(404, "not_found");
        }
    }
    program.get(&account.path("/users")).await.ok(200);
    program.get(&other.path("/users")).await.problem(404, "not_found");
    program.get(&format!("/v1/accounts/{}", other.id)).await.problem(404, "not_found");
    program.get(&format!("/v1/accounts/{}", account.id)).await.ok(200);
}
