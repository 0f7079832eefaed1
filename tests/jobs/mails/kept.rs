//! What the database stores about a mail.

use chrono::TimeDelta;
use data_encoding::HEXLOWER;

use super::{PAUSE, all_over, invited, with_mail};
use crate::support::{MailServer, Mood, TestApp};

/// What is sealed, in hexadecimal.
fn sealed(app: &TestApp) -> Vec<String> {
    let text =
        if app.config().store().url.starts_with("sqlite") { "lower(hex(sealed))" } else { "encode(sealed, 'hex')" };
    app.look_into_database(&format!("SELECT {text} FROM outbox WHERE sealed IS NOT NULL"))
}

fn rows(app: &TestApp) -> Vec<String> {
    app.look_into_database("SELECT kind || ' ' || payload || ' ' || once_key FROM outbox WHERE kind = 'activation'")
}

#[tokio::test]
async fn a_code_is_sealed_while_it_waits_and_gone_when_it_is_sent_or_given_up() {
    for end in [Mood::Takes, Mood::Answers("RCPT", "550 unknown")] {
        let server = MailServer::start();
        let app = with_mail(&server).await;
        server.becomes(Mood::Answers("RCPT", "451 later"));
        let ann = invited(&app.account("acme").await, "ann").await;
        server.wait_to_hear("RCPT", 1).await;
        let waiting = sealed(&app);
        assert_eq!(waiting.len(), 1);
        for secret in [ann.activation_code(), "ann@example.com", "lk_act_"] {
            assert!(!waiting[0].contains(&HEXLOWER.encode(secret.as_bytes())), "{secret}");
            assert!(rows(&app).iter().all(|row| !row.contains(secret)), "{secret}");
        }
        server.becomes(end);
        app.wait(PAUSE);
        all_over(&app).await;
        assert_eq!((sealed(&app).len(), rows(&app).len()), (0, 1), "{end:?}");
    }
}

#[tokio::test]
async fn a_message_that_is_over_is_forgotten_when_its_code_is() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    invited(&app.account("acme").await, "ann").await;
    all_over(&app).await;
    app.wait(TimeDelta::days(6));
    app.service().purge().await.unwrap();
    assert_eq!(rows(&app).len(), 1);
    app.wait(TimeDelta::days(2));
    app.service().purge().await.unwrap();
    assert_eq!(rows(&app).len(), 0);
}

#[tokio::test]
async fn one_that_nobody_can_send_is_forgotten_too() {
    let server = MailServer::start();
    let mut app = with_mail(&server).await;
    server.becomes(Mood::Answers("RCPT", "451 later"));
    invited(&app.account("acme").await, "ann").await;
    server.wait_to_hear("RCPT", 1).await;
    app.restart_with(|config| config.mail = api::config::Mail::default()).await;
    app.wait(TimeDelta::days(8));
    app.service().purge().await.unwrap();
    assert_eq!((rows(&app).len(), sealed(&app).len()), (0, 0));
}
