//! The service prints no code, no address and no password of the mail server, even at the most verbose level.

use serde_json::json;

use crate::support::{Home, MailServer, Mood};

#[tokio::test]
async fn nothing_of_a_mail_is_printed() {
    let server = MailServer::start();
    let url = server.url().replace("smtp://", "smtp://ann:hunter2@");
    let home = Home::with(&[("LOG__LEVEL", "trace"), ("MAIL__SMTP_URL", &url), ("MAIL__FROM", "id@example.org")]);
    let mut process = home.serve();
    let account = process.account("acme").await;
    let ann = account.invited(super::new("ann")).await;
    server.wait_for(1).await;
    server.becomes(Mood::Answers("RCPT", "550 <bob@example.com> is unknown here"));
    let bob = account.invited(super::new("bob")).await;
    server.wait_to_hear("RCPT", 2).await;
    server.becomes(Mood::Answers("RCPT", "451 <cyd@example.com> later"));
    account.invited(json!({ "username": "cyd", "email": "cyd@example.com", "send_mail": true })).await;
    server.wait_to_hear("RCPT", 3).await;
    server.becomes(Mood::Answers("AUTH", "535 hunter2 is wrong"));
    account.invited(super::new("dan")).await;
    server.wait_to_hear("AUTH", 4).await;
    super::until(|| process.output().contains("rejects the user name and password")).await;
    process.terminate();
    process.wait();
    let output = process.output();
    assert!(
        output.contains("a mail was not accepted") && output.contains("SMTP 550") && output.contains("SMTP 451"),
        "{output}"
    );
    for secret in [ann.activation_code(), bob.activation_code(), "lk_act_", "@example.com", "hunter2"] {
        assert!(!output.contains(secret), "{secret}: {output}");
    }
}
