//! Nothing is sent in the clear where encryption was asked for.

use super::{PAUSE, invited, open};
use crate::support::{MailServer, TestApp};

#[tokio::test]
async fn a_server_without_starttls_gets_no_password_and_no_letter() {
    let server = MailServer::start();
    let url = server.encrypted_url();
    let app = TestApp::with(|config| {
        config.mail.smtp_url = Some(url.into());
        config.mail.from = "id@example.org".to_owned();
    })
    .await;
    invited(&app.account("acme").await, "ann").await;
    server.wait_to_hear("EHLO", 1).await;
    app.wait(PAUSE);
    server.wait_to_hear("EHLO", 2).await;
    for command in ["AUTH", "MAIL", "RCPT", "DATA"] {
        assert_eq!(server.heard(command), 0, "{command}");
    }
    assert_eq!((server.letters().len(), open(&app)), (0, 1), "it waits");
}
