//! Names that try to inject headers or content.

use serde_json::json;

use super::{all_over, with_mail};
use crate::support::MailServer;

#[tokio::test]
async fn no_name_becomes_a_header_a_recipient_or_a_command() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let names = [
        "Acme, Inc. <boss@acme.example>",
        "\"Acme\" \\ =?utf-8?q?Bcc:_eve?=",
        "Bcc: eve@example.com",
        "Ämter & Söhne: «1»; <script>",
        ".",
        &"ä, <é>".repeat(33),
    ];
    for (number, name) in names.iter().enumerate() {
        let account = app.account_named(&format!("acme-{number}"), name).await;
        let username = name.chars().take(100).collect::<String>();
        let new = json!({
            "username": username, "display_name": name, "email": format!("ann-{number}@example.com"), "send_mail": true,
        });
        account.invited(new).await;
    }
    server.wait_for(names.len()).await;
    all_over(&app).await;
    let letters = server.letters();
    assert_eq!((letters.len(), server.heard("RCPT")), (names.len(), names.len()));
    for letter in &letters {
        let mut present: Vec<_> = letter.head.iter().map(|line| line.split_once(": ").unwrap().0).collect();
        present.sort_unstable();
        let expected = [
            "Auto-Submitted",
            "Content-Transfer-Encoding",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To",
        ];
        assert_eq!(present, expected, "{:?}", letter.head);
        let number: usize = letter.to.strip_prefix("ann-").unwrap().split('@').next().unwrap().parse().unwrap();
        assert_eq!((letter.header("To"), letter.from.as_str()), (letter.to.as_str(), "id@example.org"));
        assert!(letter.text.contains(&format!("for the account {}.\n", names[number])), "{}", letter.text);
        assert!(letter.head.iter().all(|line| line.is_ascii()), "{:?}", letter.head);
        assert!(letter.code().starts_with("lk_act_"));
    }
    let subjects: Vec<_> = letters.iter().filter(|letter| letter.to == "ann-0@example.com").collect();
    assert_eq!(subjects[0].header("Subject"), "Set your password for Acme, Inc. <boss@acme.example>");
}

#[tokio::test]
async fn line_breaks_are_in_no_name_and_no_address() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    for bad in ["a\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\u{0}b", "a\u{2028}b"] {
        for field in ["username", "display_name", "email"] {
            let mut new = super::new("ann");
            new[field] = json!(if field == "email" { format!("ann@example.com{bad}") } else { bad.to_owned() });
            admin.post(&account.path("/users"), new).await.problem(422, "validation_failed");
        }
        let account = json!({ "slug": "other", "name": bad });
        app.platform_admin().await.post("/v1/accounts", account).await.problem(422, "validation_failed");
    }
    assert_eq!(super::open(&app), 0);
}
