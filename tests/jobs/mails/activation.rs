//! Activation codes by mail.

use serde_json::json;

use super::{invited, new, with_mail};
use crate::support::{MailServer, TestApp};

#[tokio::test]
async fn a_new_user_gets_the_code_by_mail_and_sets_the_password() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account_named("acme", "Acme & Söhne").await;
    let ann = invited(&account, "ann").await;
    let letters = server.wait_for(1).await;
    let letter = &letters[0];
    assert_eq!((letter.from.as_str(), letter.to.as_str()), ("id@example.org", "ann@example.com"));
    assert_eq!(letter.header("From"), "Latchkey <id@example.org>");
    assert_eq!(letter.header("To"), "ann@example.com");
    assert_eq!(letter.header("Content-Type"), "text/plain; charset=utf-8");
    for said in ["Acme & Söhne", "Account:  acme\n", "Username: ann\n", "expires at 2027-01-22 08:00 UTC", "ignore it"]
    {
        assert!(letter.text.contains(said), "{said}: {}", letter.text);
    }
    assert_eq!(letter.code(), ann.activation_code(), "the reply has it, too");
    ann.activate(letter.code()).await.empty(204);
    ann.login().await.session();
    assert_eq!(server.letters().len(), 1);
}

#[tokio::test]
async fn a_new_code_comes_by_mail_where_that_is_asked_for() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.invited(json!({ "username": "ann", "email": "ann@example.com" })).await;
    let path = account.path(&format!("/users/{}/actions/send-activation", ann.id()));
    admin.act(&path).await.ok(200);
    admin.post(&path, json!({})).await.ok(200);
    admin.post(&path, json!({ "send_mail": false })).await.ok(200);
    let issued = admin.post(&path, json!({ "send_mail": true })).await.ok(200);
    let letters = server.wait_for(1).await;
    assert_eq!(letters[0].code(), issued["code"]);
    ann.activate(letters[0].code()).await.empty(204);
    assert_eq!(server.letters().len(), 1, "only where it was asked for");
}

#[tokio::test]
async fn the_mail_leads_to_the_page_of_the_product() {
    let server = MailServer::start();
    let url = server.url();
    let app = TestApp::with(|config| {
        config.mail.smtp_url = Some(url.into());
        config.mail.from = "id@example.org".to_owned();
        config.mail.activation_url = Some("https://app.example.org/activate#code={code}".to_owned());
    })
    .await;
    let ann = invited(&app.account("acme").await, "ann").await;
    let letters = server.wait_for(1).await;
    let link = format!("\n    https://app.example.org/activate#code={}\n", ann.activation_code());
    assert!(letters[0].text.contains(&link), "{}", letters[0].text);
}

#[tokio::test]
async fn a_request_that_is_sent_again_sends_one_mail() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let session = account.admin(&["user_permissions"]).await.session().await;
    let ask = || session.call("POST", &account.path("/users")).header("idempotency-key", "k").json(&new("ann")).send();
    let (first, second) = (ask().await.ok(201), ask().await.ok(201));
    assert_eq!(first, second);
    invited(&account, "bob").await;
    let letters = server.wait_for(2).await;
    super::all_over(&app).await;
    assert_eq!(letters.len(), 2);
    assert_eq!(server.letters().len(), 2);
}
