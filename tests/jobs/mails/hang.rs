//! A silent mail server holds up only itself.

use serde_json::json;

use super::{PAUSE, all_over, invited, with_mail};
use crate::support::{MailServer, Mood, in_parallel};

#[tokio::test]
async fn requests_go_on_while_the_server_hangs_and_mails_when_it_is_well() {
    let server = MailServer::start();
    let mut app = with_mail(&server).await;
    // No mail gives up by itself while the test runs: whoever waited for one would wait for ever.
    app.restart_with(|config| config.mail.timeout_seconds = 600).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let session = admin.session().await;
    server.becomes(Mood::Hangs);
    for number in 0..8 {
        invited(&account, &format!("user-{number}")).await;
    }
    // More at a time than there are connections to the database.
    let path = account.path("/roles");
    let replies =
        in_parallel(40, |number| session.post(&path, json!({ "name": format!("R{number}"), "permissions": [] }))).await;
    assert!(replies.iter().all(|reply| reply.status == 201));
    assert_eq!((server.letters().len(), server.heard("EHLO")), (0, 0), "it hangs all the time");
    server.becomes(Mood::Takes);
    app.wait(PAUSE);
    server.wait_for(8).await;
    all_over(&app).await;
    assert_eq!(server.letters().len(), 8);
}
