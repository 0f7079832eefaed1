//! The export: the whole list, and enough to verify it without the service.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{events, verified};
use crate::support::{Reply, TestApp};

#[track_caller]
fn lines(reply: &Reply) -> Vec<Value> {
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/x-ndjson"), "{reply:?}");
    assert!(reply.text().is_empty() || reply.text().ends_with('\n'));
    reply.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn the_export_is_the_list_from_its_beginning() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    // More than are read in one go.
    for number in 0..260 {
        account.invited(json!({ "username": format!("user {number}") })).await;
    }
    let exported = lines(&root.get(&account.path("/audit-events/export")).await);
    assert_eq!(exported.len(), 521);
    assert_eq!(exported, events(&app, &account).await);

    let some = lines(&root.get(&account.path("/audit-events/export?action=user.created")).await);
    assert_eq!(some.len(), 260);
    assert!(some.iter().all(|event| event["action"] == "user.created"));
    let none = lines(&root.get(&account.path("/audit-events/export?to=2000-01-01T00:00:00Z")).await);
    assert_eq!(none, [Value::Null; 0]);
}

/// JSON in the order of RFC 8785, written without a line of the service.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort();
            let pairs: Vec<_> = keys.iter().map(|key| format!("{}:{}", json!(key), canonical(&map[*key]))).collect();
            format!("{{{}}}", pairs.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

#[tokio::test]
async fn an_export_can_be_verified_by_anybody() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    account.set_mode("all_users").await;
    let ann = account.user("änn \"O'Hara\" 👩‍🚀").await;
    ann.sign_in().await;
    ann.try_password("wrong").await.problem(401, "invalid_credentials");

    let mut hash: [u8; 32] = [0; 32];
    for mut event in lines(&root.get(&account.path("/audit-events/export")).await) {
        let told = event.as_object_mut().unwrap().remove("hash").unwrap();
        hash = Sha256::new().chain_update(hash).chain_update(canonical(&event)).finalize().into();
        assert_eq!(told, data_encoding::HEXLOWER.encode(&hash), "{event}");
    }
    let verified = verified(&app, &account).await;
    assert_eq!(verified["head_hash"], data_encoding::HEXLOWER.encode(&hash));
}
