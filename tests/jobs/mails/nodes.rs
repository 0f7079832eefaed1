//! Several nodes on one database.

use std::collections::BTreeSet;

use super::{all_over, invited, with_mail};
use crate::support::{MailServer, Mood};

#[tokio::test]
async fn each_mail_is_sent_once_however_many_nodes_there_are() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let (_second, _third) = (app.another_node().await, app.another_node().await);
    let account = app.account("acme").await;
    server.becomes(Mood::Answers("MAIL", "421 not yet"));
    for number in 0..40 {
        invited(&account, &format!("user-{number}")).await;
    }
    server.becomes(Mood::Takes);
    app.wait(super::PAUSE);
    server.wait_for(40).await;
    all_over(&app).await;
    let letters = server.letters();
    let codes: BTreeSet<_> = letters.iter().map(|letter| letter.code().to_owned()).collect();
    assert_eq!((letters.len(), codes.len()), (40, 40));
}

#[tokio::test]
async fn another_node_makes_up_for_one_that_has_stopped_in_mid_letter() {
    let server = MailServer::start();
    let mut app = with_mail(&server).await;
    let account = app.account("acme").await;
    server.becomes(Mood::Hangs);
    let ann = invited(&account, "ann").await;
    super::until(|| app.look_into_database("SELECT CAST(attempts AS TEXT) FROM outbox") == ["1"]).await;
    // Stopped while it waits for the server: nothing of that is kept but the attempt.
    app.restart_with(|config| config.mail = api::config::Mail::default()).await;
    app.wait(super::PAUSE);
    server.becomes(Mood::Takes);
    assert_eq!(super::open(&app), 1, "a node without a mail server leaves it alone");
    let url = server.url();
    app.restart_with(|config| {
        config.mail.smtp_url = Some(url.into());
        config.mail.from = "id@example.org".to_owned();
    })
    .await;
    let letters = server.wait_for(1).await;
    all_over(&app).await;
    ann.activate(letters[0].code()).await.empty(204);
    assert_eq!(server.letters().len(), 1);
}
