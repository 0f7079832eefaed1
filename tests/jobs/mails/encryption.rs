//! Nothing is sent unencrypted where encryption was required.

use super::{PAUSE, invited, open};
use crate::support::{Home, MailServer, TestApp, mail_server::until};

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

/// The real binary, which trusts this file and nothing else.
fn home(server: &MailServer, trusted: &str) -> (Home, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, trusted).unwrap();
    let mut home = Home::with(&[("MAIL__SMTP_URL", &server.encrypted_url()), ("MAIL__FROM", "id@example.org")]);
    home.set_variable("SSL_CERT_FILE", file.path().to_str().unwrap());
    (home, file)
}

#[tokio::test]
async fn a_letter_travels_encrypted_to_a_server_that_is_trusted() {
    for server in [MailServer::with_starttls(), MailServer::with_tls()] {
        let (home, _file) = home(&server, server.certificate());
        let process = home.serve();
        let account = process.account("acme").await;
        let ann = invited(&account, "ann").await;
        let letters = server.wait_for(1).await;
        assert_eq!(letters[0].code(), ann.activation_code());
        assert_eq!(server.heard("AUTH"), 1);
    }
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_gets_no_password_and_no_letter() {
    for server in [MailServer::with_starttls(), MailServer::with_tls()] {
        let other = MailServer::with_tls();
        let (home, _file) = home(&server, other.certificate());
        let process = home.serve();
        invited(&process.account("acme").await, "ann").await;
        until(|| process.output().contains("the connection to the mail server cannot be encrypted")).await;
        for command in ["AUTH", "MAIL", "RCPT", "DATA"] {
            assert_eq!(server.heard(command), 0, "{command}");
        }
        let said = home.run(&["doctor"]);
        assert!(!said.status.success());
        let said = String::from_utf8(said.stdout).unwrap();
        assert!(said.contains("FAIL  mail: the connection to the mail server cannot be encrypted"), "{said}");
    }
}
