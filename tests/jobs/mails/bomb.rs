//! Limits mails to a user and an address.

use chrono::TimeDelta;
use serde_json::json;

use super::{invited, new, with_mail};
use crate::support::MailServer;

#[tokio::test]
async fn many_mails_to_one_user_are_refused_for_a_while() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = invited(&account, "ann").await;
    let path = account.path(&format!("/users/{}/actions/send-activation", ann.id()));
    let mail = || admin.post(&path, json!({ "send_mail": true }));
    let mut last = String::new();
    for _ in 0..4 {
        last = mail().await.ok(200)["code"].as_str().unwrap().to_owned();
    }
    let refused = mail().await;
    refused.problem(429, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "60");
    server.wait_for(1).await;
    super::all_over(&app).await;
    let sent = server.letters().len();
    assert!(sent <= 5, "{sent}");

    // What was refused has changed nothing: the last code works. By hand there are as many as one likes.
    app.wait(TimeDelta::seconds(60));
    mail().await.ok(200);
    mail().await.problem(429, "too_many_requests");
    assert_ne!(admin.act(&path).await.ok(200)["code"], last.as_str());
    let other = invited(&account, "bob").await;
    other.activate(other.activation_code()).await.empty(204);
}

#[tokio::test]
async fn a_refused_mail_leaves_the_code_before_it_alone() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = invited(&account, "ann").await;
    let path = account.path(&format!("/users/{}/actions/send-activation", ann.id()));
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(admin.post(&path, json!({ "send_mail": true })).await.ok(200)["code"].clone());
    }
    admin.post(&path, json!({ "send_mail": true })).await.problem(429, "too_many_requests");
    ann.activate(codes[3].as_str().unwrap()).await.empty(204);
}

#[tokio::test]
async fn nor_is_one_address_by_many_users_nor_by_a_job() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let users = account.path("/users");
    for number in 0..5 {
        let mut body = new(&format!("user-{number}"));
        body["email"] = json!(if number % 2 == 0 { "victim@example.com" } else { "Victim@Example.com" });
        admin.post(&users, body).await.ok(201);
    }
    let mut body = new("user-5");
    body["email"] = json!("victim@example.com");
    let refused = admin.post(&users, body.clone()).await;
    refused.problem(429, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "60");
    assert_eq!(admin.get(&format!("{users}?q=user-5")).await.ok(200)["items"], json!([]), "nothing was done");

    let job = json!({ "action": "send_activation", "filter": { "q": "user-" }, "send_mail": true });
    let job = crate::jobs::bulk_jobs::run(&admin, &account, job).await;
    assert_eq!((&job["succeeded"], &job["failed"]), (&json!(0), &json!(5)));
    // In another account nobody has to wait for that.
    let other = app.account("other").await;
    other.invited(body).await;
    super::all_over(&app).await;
    assert_eq!(server.letters().len(), 6);
}

#[tokio::test]
async fn the_operator_says_how_many() {
    let server = MailServer::start();
    let url = server.url();
    let app = crate::support::TestApp::with(|config| {
        config.mail.smtp_url = Some(url.into());
        config.mail.from = "id@example.org".to_owned();
        config.throttle.mails_to_user.free = Some(1);
        config.throttle.mails_to_user.first_delay_seconds = Some(7);
    })
    .await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = invited(&account, "ann").await;
    let path = account.path(&format!("/users/{}/actions/send-activation", ann.id()));
    assert_eq!(admin.post(&path, json!({ "send_mail": true })).await.header("retry-after"), "7");
}
