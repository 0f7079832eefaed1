//! A mail that has become pointless is not sent, and nobody is notified.

use serde_json::{Value, json};

use super::{PAUSE, all_over, failures, with_mail};
use crate::support::{Account, MailServer, Mood, TestApp, User};

/// What happens between the request and the sending.
#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    Used,
    Replaced,
    Expired,
    Disabled,
    Deleted,
    OtherAddress,
    NoAddress,
    Suspended,
    AccountDeleted,
    Promoted,
    Nothing,
}

async fn happens(what: Meanwhile, app: &TestApp, account: &Account, ann: &User) {
    let root = app.platform_admin().await;
    let path = account.path(&format!("/users/{}", ann.id()));
    let patch = |email: Value| root.patch(&path, json!({ "email": email }));
    match what {
        Meanwhile::Used => ann.activate(ann.activation_code()).await.empty(204),
        Meanwhile::Replaced => drop(account.act_on(ann, "send-activation").await.ok(200)),
        Meanwhile::Expired => app.wait(chrono::TimeDelta::days(7)),
        Meanwhile::Disabled => account.act_on(ann, "disable").await.empty(204),
        Meanwhile::Deleted => root.delete(&path).await.empty(204),
        Meanwhile::OtherAddress => drop(patch(json!("eve@example.com")).await.ok(200)),
        Meanwhile::NoAddress => drop(patch(Value::Null).await.ok(200)),
        Meanwhile::Suspended => root.act(&account.path("/actions/suspend")).await.empty(204),
        Meanwhile::AccountDeleted => drop(root.delete(&account.path("")).await.ok(202)),
        // Whoever asked for the code does not hold that: the code opens nothing.
        Meanwhile::Promoted => {
            let path = format!("{path}/permissions");
            root.put(&path, json!({ "permissions": ["account_settings"] })).await.ok(200);
        }
        Meanwhile::Nothing => {}
    }
}

/// How many letters come of it.
async fn letters_after(what: Meanwhile) -> usize {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    server.becomes(Mood::Answers("RCPT", "451 later"));
    let created = admin.post(&account.path("/users"), super::new("ann")).await.ok(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (id, code) = (text(&created["user"]["id"]), text(&created["activation"]["code"]));
    let ann = User::created(app.client(), "acme", "ann", &id, &code);
    server.wait_to_hear("RCPT", 1).await;
    happens(what, &app, &account, &ann).await;
    server.becomes(Mood::Takes);
    app.wait(PAUSE);
    all_over(&app).await;
    if !matches!(what, Meanwhile::AccountDeleted) {
        assert!(failures(&account, &app).await.is_empty(), "{what:?}");
    }
    assert_eq!(app.look_into_database("SELECT CAST(count(*) AS TEXT) FROM outbox WHERE sealed IS NOT NULL"), ["0"]);
    server.letters().len()
}

#[tokio::test]
async fn a_mail_that_still_makes_sense_is_sent() {
    assert_eq!(letters_after(Meanwhile::Nothing).await, 1);
}

#[tokio::test]
async fn a_code_that_does_not_work_any_more_is_not_sent() {
    for what in [Meanwhile::Used, Meanwhile::Replaced, Meanwhile::Expired, Meanwhile::Promoted] {
        assert_eq!(letters_after(what).await, 0, "{what:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_who_cannot_sign_in() {
    for what in [Meanwhile::Disabled, Meanwhile::Deleted, Meanwhile::Suspended, Meanwhile::AccountDeleted] {
        assert_eq!(letters_after(what).await, 0, "{what:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_an_address_that_has_changed() {
    for what in [Meanwhile::OtherAddress, Meanwhile::NoAddress] {
        assert_eq!(letters_after(what).await, 0, "{what:?}");
    }
}
