//! Events that remain of a deleted user.

use serde_json::json;

use super::events;
use crate::support::TestApp;

#[tokio::test]
async fn of_a_deleted_user_remain_id_username_and_what_was_done_and_nothing_else() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let new = json!({ "username": "ann", "display_name": "Ann Archer", "email": "archer@example.org" });
    let ann = account.invited(new).await;
    ann.activate(ann.activation_code()).await.empty(204);
    ann.sign_in().await;
    let path = account.path(&format!("/users/{}", ann.id()));
    root.patch(&path, json!({ "display_name": "Ann Bowman", "email": "bowman@example.org" })).await.ok(200);
    root.delete(&path).await.empty(204);

    let all = events(&app, &account).await;
    let of_ann: Vec<_> = all.iter().filter(|event| event["target"]["id"] == ann.id()).collect();
    assert!(of_ann.iter().any(|event| event["action"] == "session.started" && event["actor"]["name"] == "ann"));
    assert_eq!(of_ann.last().unwrap()["action"], "user.deleted");
    assert!(of_ann.iter().all(|event| event["target"]["name"] == "ann"));
    let text = json!(all).to_string().to_lowercase();
    for gone in ["archer", "bowman", "example.org"] {
        assert!(!text.contains(gone), "{gone} is still there: {text}");
    }
    // The name is free again, and the events of the two are told apart by their ids.
    let other = account.user("ann").await;
    let of_other = root.get(&account.path(&format!("/audit-events?target={}", other.id()))).await.ok(200);
    assert!(of_other["items"].as_array().unwrap().iter().all(|event| event["action"] != "user.deleted"));
}
