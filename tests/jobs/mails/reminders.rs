//! Reminders of passwords that expire.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{PAUSE, all_over, failures, open, with_mail};
use crate::support::{Account, MailServer, Mood, OTHER_PASSWORD, TestApp, User};

async fn expire_after(app: &TestApp, account: &Account, days: Value) {
    let root = app.platform_admin().await;
    let policies = root.get(&account.path("/password-policies")).await.ok(200);
    let id = policies["items"][0]["id"].as_str().unwrap().to_owned();
    let body = json!({ "name": "Default", "strength": "basic", "is_default": true, "expires_after_days": days });
    root.put(&account.path(&format!("/password-policies/{id}")), body).await.ok(200);
}

/// Somebody with a password, and an address if there is one.
async fn user(account: &Account, username: &str, email: Option<&str>) -> User {
    let user = account.invited(json!({ "username": username, "email": email })).await;
    user.activate(user.activation_code()).await.empty(204);
    user
}

#[tokio::test]
async fn a_reminder_comes_once_to_who_has_an_address() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account_named("acme", "Acme").await;
    expire_after(&app, &account, json!(90)).await;
    user(&account, "ann", Some("ann@example.com")).await;
    user(&account, "bob", None).await;
    for (day, days, letters) in [(76, "14 days", 1), (7, "7 days", 2), (6, "1 day", 3)] {
        app.wait(TimeDelta::days(day));
        for _ in 0..2 {
            app.service().queue_password_reminders().await.unwrap();
            server.wait_for(letters).await;
            all_over(&app).await;
        }
        let all = server.letters();
        assert_eq!(all.len(), letters, "once");
        let letter = &all[letters - 1];
        assert_eq!(
            (letter.to.as_str(), letter.header("Subject")),
            ("ann@example.com", "Your password for Acme expires soon")
        );
        let when = format!("expires within {days}, at 2027-04-15 08:00 UTC.");
        assert!(letter.text.contains(&when), "{}", letter.text);
        assert!(!letter.text.contains("://") && !letter.text.contains("lk_"), "nothing to click on");
    }
    // They stay, so that nobody is told twice.
    app.wait(TimeDelta::days(100));
    app.service().purge().await.unwrap();
    assert_eq!(
        app.look_into_database("SELECT CAST(count(*) AS TEXT) FROM outbox WHERE kind = 'password_expires'"),
        ["6"]
    );
}

#[tokio::test]
async fn a_reminder_goes_only_to_whom_it_still_concerns() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    expire_after(&app, &account, json!(90)).await;
    let ann = user(&account, "ann", Some("ann@example.com")).await;
    let bob = user(&account, "bob", Some("bob@example.com")).await;
    user(&account, "cyd", Some("cyd@example.com")).await;
    app.wait(TimeDelta::days(76));
    server.becomes(Mood::Answers("MAIL", "421 not yet"));
    assert_eq!(app.service().queue_password_reminders().await.unwrap(), 3);
    assert!(open(&app) > 0);
    // One has chosen another password, one is disabled.
    let body = json!({ "current_password": ann.password(), "new_password": OTHER_PASSWORD });
    ann.post("/v1/me/password", body).await.empty(204);
    account.act_on(&bob, "disable").await.empty(204);
    server.becomes(Mood::Takes);
    app.wait(PAUSE);
    all_over(&app).await;
    let to: Vec<_> = server.letters().into_iter().map(|letter| letter.to).collect();
    assert_eq!(to, ["cyd@example.com"]);
    assert!(failures(&account, &app).await.is_empty());
}

#[tokio::test]
async fn what_was_queued_is_not_sent_when_nothing_expires_any_more_or_another_one_is_due() {
    let server = MailServer::start();
    let mut app = with_mail(&server).await;
    let (never, later) = (app.account("never").await, app.account("later").await);
    for account in [&never, &later] {
        expire_after(&app, account, json!(90)).await;
        user(account, "ann", Some(&format!("ann@{}.example", account.slug))).await;
    }
    // Nobody sends them for a week.
    let mail = app.config().mail.clone();
    app.restart_with(|config| config.mail = api::config::Mail::default()).await;
    app.wait(TimeDelta::days(76));
    assert_eq!(app.service().queue_password_reminders().await.unwrap(), 2);
    expire_after(&app, &never, Value::Null).await;
    app.wait(TimeDelta::days(8));
    assert_eq!(app.service().queue_password_reminders().await.unwrap(), 1);
    app.restart_with(|config| config.mail = mail).await;
    all_over(&app).await;
    let letters = server.letters();
    let to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(to, ["ann@later.example"], "once, and not what was true a week ago");
    assert!(letters[0].text.contains("within 6 days"), "{}", letters[0].text);
}
