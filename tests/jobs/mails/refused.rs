//! What cannot be mailed is rejected, and nothing is done.

use serde_json::{Value, json};

use super::{new, with_mail};
use crate::support::{MailServer, Problem, TestApp};

fn errors(problem: &Problem) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| [text(&error["pointer"]), text(&error["code"])].join(" ")).collect()
}

#[tokio::test]
async fn without_an_address_nothing_is_done() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let users = account.path("/users");
    for email in [None, Some("ann@example.com>"), Some("Ann<ann@example.com>"), Some("ann@example.com,eve@example.com")]
    {
        let body = json!({ "username": "ann", "email": email, "send_mail": true });
        let refused = admin.post(&users, body).await.problem(422, "validation_failed");
        let expected = if email.is_none() { "/email invalid" } else { "/email no_address" };
        assert_eq!(errors(&refused), [expected], "{email:?}");
    }
    assert_eq!(admin.get(&format!("{users}?q=ann")).await.ok(200)["items"], json!([]));

    let bob = account.invited(json!({ "username": "bob" })).await;
    let path = account.path(&format!("/users/{}/actions/send-activation", bob.id()));
    let refused = admin.post(&path, json!({ "send_mail": true })).await.problem(422, "validation_failed");
    assert_eq!(errors(&refused), ["/send_mail no_address"]);
    bob.activate(bob.activation_code()).await.empty(204);
    assert_eq!(super::open(&app), 0);
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_done() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let users = account.path("/users");
    let problem = admin.post(&users, new("ann")).await.problem(409, "conflict");
    assert!(problem["detail"].as_str().unwrap().contains("no mail server"));
    assert_eq!(admin.get(&format!("{users}?q=ann")).await.ok(200)["items"], json!([]));

    let bob = account.invited(json!({ "username": "bob", "email": "bob@example.com" })).await;
    let path = account.path(&format!("/users/{}/actions/send-activation", bob.id()));
    admin.post(&path, json!({ "send_mail": true })).await.problem(409, "conflict");
    for path in ["/users:bulk", "/users:bulk/preview"] {
        let job = json!({ "action": "send_activation", "users": [bob.id()], "send_mail": true });
        admin.post(&account.path(path), job).await.problem(409, "conflict");
    }
    assert_eq!(admin.get(&account.path("/bulk-jobs")).await.ok(200)["items"], json!([]));
    bob.activate(bob.activation_code()).await.empty(204);
}

#[tokio::test]
async fn a_body_that_is_none_is_refused() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let bob = account.invited(json!({ "username": "bob", "email": "bob@example.com" })).await;
    let path = account.path(&format!("/users/{}/actions/send-activation", bob.id()));
    admin.post(&path, json!({ "send_mail": "yes" })).await.problem(422, "validation_failed");
    admin.post(&path, json!([])).await.problem(422, "validation_failed");
    admin.post(&path, json!(null)).await.problem(422, "validation_failed");
    admin.post(&path, json!({ "send_mial": true })).await.problem(400, "malformed_request");
    let session = admin.session().await;
    session.call("POST", &path).bare("{}").send().await.problem(415, "unsupported_media_type");
    session.call("POST", &path).bytes("{").send().await.problem(400, "malformed_request");
    let job = json!({ "action": "disable", "users": [bob.id()], "send_mail": true });
    let refused = admin.post(&account.path("/users:bulk"), job).await.problem(422, "validation_failed");
    assert_eq!(errors(&refused), ["/send_mail unexpected"]);
    bob.activate(bob.activation_code()).await.empty(204);
    assert!(server.letters().is_empty());
}
