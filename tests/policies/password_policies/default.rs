//! Exactly one policy of an account is the default.

use serde_json::json;

use super::Policies;
use crate::support::{TestApp, in_parallel};

#[tokio::test]
async fn making_another_one_the_default_moves_the_flag() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let first = policies.default().await["id"].as_str().unwrap().to_owned();
    let first_path = policies.path(&format!("/{first}"));
    let before = policies.root.get(&first_path).await.header("etag").to_owned();
    let staff = policies.create(json!({ "name": "Staff", "strength": "modern" })).await;
    policies.replace(&staff, json!({ "name": "Staff", "strength": "modern", "is_default": true })).await.ok(200);
    assert_eq!(policies.default().await["id"], staff);
    let after = policies.root.get(&first_path).await;
    assert_eq!(after.ok(200)["is_default"], false);
    assert_ne!(after.header("etag"), before, "it looks otherwise, so it has another tag");
    // A new policy can take its place at once.
    let third = policies.create(json!({ "name": "All", "strength": "basic", "is_default": true })).await;
    assert_eq!(policies.default().await["id"], third);
    // Left out, the flag stays where it is.
    policies.replace(&third, json!({ "name": "All", "strength": "medium" })).await.ok(200);
    assert_eq!(policies.default().await["id"], third);
    policies.delete(&first).await.empty(204);
}

#[tokio::test]
async fn the_default_is_neither_deleted_nor_unmade() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let default = policies.default().await["id"].as_str().unwrap().to_owned();
    policies.create(json!({ "name": "Staff", "strength": "basic", "is_default": false })).await;
    let detail = policies.delete(&default).await.problem(409, "conflict")["detail"].to_string();
    assert!(detail.contains("default"), "{detail}");
    let unmade = json!({ "name": "Basic", "strength": "basic", "is_default": false });
    policies.replace(&default, unmade.clone()).await.problem(409, "conflict");
    policies.root.post(&policies.path(&format!("/{default}/preview")), unmade).await.problem(409, "conflict");
    assert_eq!(policies.default().await["id"], default);
}

#[tokio::test]
async fn of_many_that_become_the_default_at_once_one_is_in_the_end() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let mut ids = Vec::new();
    for number in 0..8 {
        ids.push(policies.create(json!({ "name": format!("P{number}"), "strength": "basic" })).await);
    }
    let session = policies.root.session().await;
    let replies = in_parallel(40, |number| {
        let at = number % 8;
        let path = policies.path(&format!("/{}", ids[at]));
        let body = json!({ "name": format!("P{at}"), "strength": "basic", "is_default": true });
        session.call("PUT", &path).json(&body).send()
    })
    .await;
    assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
    policies.default().await;
    // While some of them are being deleted.
    let replies = in_parallel(16, |number| {
        let at = number % 8;
        let path = policies.path(&format!("/{}", ids[at]));
        let body = json!({ "name": format!("P{at}"), "strength": "basic", "is_default": true });
        if number < 8 { session.call("PUT", &path).json(&body).send() } else { session.call("DELETE", &path).send() }
    })
    .await;
    assert!(replies.iter().all(|reply| [200, 204, 404, 409].contains(&reply.status)), "{replies:?}");
    policies.default().await;
}
