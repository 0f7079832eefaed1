//! `latchkey doctor` checks whether mails could be sent.

use crate::support::{Home, MailServer, Mood};

fn doctor(home: &Home) -> (bool, String) {
    let output = home.run(&["doctor"]);
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.success(), text)
}

#[test]
fn doctor_says_how_it_is_with_mails() {
    let server = MailServer::start();
    let mut home = Home::new();
    let (well, said) = doctor(&home);
    assert!(well && said.contains("note  mail: no server is configured"), "before the first start: {said}");
    home.init("olga");
    let (well, said) = doctor(&home);
    assert!(well && said.contains("note  mail: no server is configured"), "{said}");
    home.set("MAIL__SMTP_URL", &server.url().replace("smtp://", "smtp://ann:hunter2@"));
    home.set("MAIL__FROM", "id@example.org");
    let (well, said) = doctor(&home);
    assert!(well && said.contains("ok    mail: the server can be reached"), "{said}");
    assert_eq!((server.heard("AUTH"), server.heard("MAIL")), (1, 0));
    server.becomes(Mood::Answers("AUTH", "535 no, ann"));
    let (well, said) = doctor(&home);
    assert!(
        !well && said.contains("FAIL  mail: the mail server rejects the user name and password (SMTP 535)"),
        "{said}"
    );
    assert!(!said.contains("hunter2") && !said.contains("no, ann"), "{said}");
    home.set("MAIL__SMTP_URL", "smtp://ann:hunter2@mail.example.org");
    let (well, said) = doctor(&home);
    assert!(!well && said.contains("mail.smtp_url: is not encrypted") && !said.contains("hunter2"), "{said}");
}
