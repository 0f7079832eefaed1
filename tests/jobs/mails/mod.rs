//! Mails: activation codes and reminders.

mod activation;
mod bomb;
mod bulk;
mod doctor;
mod encryption;
mod failures;
mod hang;
mod injection;
mod kept;
mod nodes;
mod pointless;
mod printed;
mod refused;
mod reminders;
mod turns;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Account, MailServer, TestApp, User, mail_server::until};

/// A service that sends its mails to this server.
async fn with_mail(server: &MailServer) -> TestApp {
    let url = server.url();
    TestApp::with(|config| {
        config.mail.smtp_url = Some(url.into());
        config.mail.from = "Latchkey <id@example.org>".to_owned();
    })
    .await
}

/// A user who is to get the code by mail.
async fn invited(account: &Account, username: &str) -> User {
    account.invited(new(username)).await
}

fn new(username: &str) -> Value {
    json!({ "username": username, "email": format!("{username}@example.com"), "send_mail": true })
}

/// How many messages are not over.
fn open(app: &TestApp) -> usize {
    app.look_into_database("SELECT CAST(count(*) AS TEXT) FROM outbox WHERE send_at IS NOT NULL")[0].parse().unwrap()
}

/// Waits until every message is over.
async fn all_over(app: &TestApp) {
    until(|| open(app) == 0).await;
}

/// Until the next attempt but for the first: what has failed is tried again a minute later.
const PAUSE: TimeDelta = TimeDelta::seconds(61);

/// What became of mails, as the account's administrator reads it.
async fn failures(account: &Account, app: &TestApp) -> Vec<Value> {
    let path = account.path("/audit-events?action=mail.failed");
    app.platform_admin().await.get(&path).await.ok(200)["items"].as_array().unwrap().clone()
}
