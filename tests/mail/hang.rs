//! A server that does not say a word harms nobody but itself.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{PAUSE, all_over, invited, with_mail};
use crate::support::{MailServer, Mood, in_parallel};

#[tokio::test]
async fn requests_go_on_while_the_server_hangs_and_mails_when_it_is_well() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let session = admin.session().await;
    server.becomes(Mood::Hangs);
    let since = Instant::now();
    for number in 0..8 {
        invited(&account, &format!("user-{number}")).await;
    }
    // More at a time than there are connections to the database.
    let path = account.path("/roles");
    let replies =
        in_parallel(40, |number| session.post(&path, json!({ "name": format!("R{number}"), "permissions": [] }))).await;
    assert!(replies.iter().all(|reply| reply.status == 201));
    let needed = since.elapsed();
    assert!(needed < Duration::from_secs(16), "eight mails that hang for two seconds each: {needed:?}");
    server.becomes(Mood::Takes);
    app.wait(PAUSE);
    server.wait_for(8).await;
    all_over(&app).await;
    assert_eq!(server.letters().len(), 8);
}
