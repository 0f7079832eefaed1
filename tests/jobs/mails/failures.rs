//! Servers that refuse, defer, disconnect, or are not there.

use serde_json::json;

use super::{PAUSE, all_over, failures, invited, open, with_mail};
use crate::support::{MailServer, Mood};

#[tokio::test]
async fn what_is_put_off_is_sent_later_also_after_a_restart() {
    let server = MailServer::start();
    let mut app = with_mail(&server).await;
    let account = app.account("acme").await;
    server.becomes(Mood::Answers("RCPT", "451 later"));
    let ann = invited(&account, "ann").await;
    server.wait_to_hear("RCPT", 1).await;
    app.restart().await;
    app.wait(PAUSE);
    server.wait_to_hear("RCPT", 2).await;
    server.becomes(Mood::Answers("DATA", "452 full"));
    // The next pause is longer.
    app.wait(PAUSE);
    app.restart().await;
    app.wait(PAUSE * 4);
    server.wait_to_hear("DATA", 1).await;
    assert_eq!(server.heard("RCPT"), 3);
    server.becomes(Mood::Answers(".", "421 going down"));
    app.wait(PAUSE * 15);
    server.wait_to_hear("DATA", 2).await;
    assert!(server.letters().is_empty());
    server.becomes(Mood::Takes);
    app.wait(PAUSE * 60);
    let letters = server.wait_for(1).await;
    all_over(&app).await;
    ann.activate(letters[0].code()).await.empty(204);
    assert_eq!((server.letters().len(), failures(&account, &app).await.len()), (1, 0));
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer_means_the_same_letter_again() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    server.becomes(Mood::BreaksOff);
    invited(&account, "ann").await;
    server.wait_for(1).await;
    server.becomes(Mood::Takes);
    app.wait(PAUSE);
    let letters = server.wait_for(2).await;
    all_over(&app).await;
    let id = letters[0].header("Message-ID");
    assert!(id.ends_with("@example.org>"), "{id}");
    assert_eq!(id, letters[1].header("Message-ID"), "who gets both can tell");
    assert_eq!(letters[0].text, letters[1].text);
    let other = invited(&account, "bob").await;
    let letters = server.wait_for(3).await;
    assert_ne!(id, letters[2].header("Message-ID"));
    assert_eq!(letters[2].code(), other.activation_code());
}

#[tokio::test]
async fn a_refusal_for_good_is_told_without_the_address_and_not_tried_again() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    for (place, answer) in
        [("RCPT", "550 <ann@example.com> is unknown here"), (".", "554 looks like spam to ann@example.com")]
    {
        server.becomes(Mood::Answers(place, answer));
        let ann = invited(&account, &format!("ann-{}", answer.len())).await;
        all_over(&app).await;
        let events = failures(&account, &app).await;
        let event = &events[0];
        assert_eq!((&event["actor"]["kind"], &event["outcome"]), (&json!("system"), &json!("failure")));
        assert_eq!(event["target"]["id"], ann.id());
        let status: u16 = answer[..3].parse().unwrap();
        let told = json!({ "attempts": 1, "kind": "activation", "reason": "refused", "smtp_status": status });
        assert_eq!(event["details"], told);
        assert!(!event.to_string().contains("example.com"), "{event}");
        // The code itself goes on to work.
        ann.activate(ann.activation_code()).await.empty(204);
    }
    server.becomes(Mood::Takes);
    app.wait(PAUSE * 60);
    invited(&account, "bob").await;
    server.wait_for(1).await;
    all_over(&app).await;
    assert_eq!(server.letters().len(), 1, "nothing else");
    assert_eq!(failures(&account, &app).await.len(), 2);
}

#[tokio::test]
async fn a_server_that_refuses_us_is_tried_again_a_bounded_number_of_times_and_then_it_is_told() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    server.becomes(Mood::Answers("MAIL", "550 who are you"));
    invited(&account, "ann").await;
    for attempt in 1..=7 {
        server.wait_to_hear("MAIL", attempt).await;
        if attempt < 7 {
            assert!(failures(&account, &app).await.is_empty(), "after {attempt}");
        }
        app.wait(PAUSE * 12 * 60);
    }
    all_over(&app).await;
    let events = failures(&account, &app).await;
    let told = json!({ "attempts": 7, "kind": "activation", "reason": "unreachable", "smtp_status": 550 });
    assert_eq!(events.iter().map(|event| event["details"].clone()).collect::<Vec<_>>(), [told]);
    assert_eq!(server.heard("MAIL"), 7);
}

#[tokio::test]
async fn no_attempt_is_made_when_the_code_would_be_over() {
    let server = MailServer::start();
    let url = server.url();
    let app = crate::support::TestApp::with(|config| {
        config.mail.smtp_url = Some(url.into());
        config.mail.from = "id@example.org".to_owned();
        config.activation.lifetime_seconds = 300;
    })
    .await;
    let account = app.account("acme").await;
    server.becomes(Mood::Answers("RCPT", "451 later"));
    invited(&account, "ann").await;
    server.wait_to_hear("RCPT", 1).await;
    app.wait(PAUSE);
    server.wait_to_hear("RCPT", 2).await;
    // The third would come after the end.
    all_over(&app).await;
    assert_eq!(failures(&account, &app).await[0]["details"]["reason"], "put_off");
}

#[tokio::test]
async fn one_that_cannot_be_read_does_not_stop_the_others() {
    let server = MailServer::start();
    let app = with_mail(&server).await;
    let account = app.account("acme").await;
    server.becomes(Mood::Answers("RCPT", "451 later"));
    let names = ["ann", "bob", "cyd"];
    for name in names {
        invited(&account, name).await;
    }
    server.wait_to_hear("RCPT", 3).await;
    let of_bob = "(SELECT id FROM users WHERE username = 'bob')";
    app.change_database(
        &format!("UPDATE outbox SET sealed = x'00' WHERE user_id = {of_bob}"),
        &format!("UPDATE outbox SET sealed = '\\x00' WHERE user_id = {of_bob}"),
    );
    server.becomes(Mood::Takes);
    app.wait(PAUSE);
    let letters = server.wait_for(2).await;
    all_over(&app).await;
    let mut to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["ann@example.com", "cyd@example.com"]);
    let events = failures(&account, &app).await;
    assert_eq!((events.len(), &events[0]["details"]["reason"]), (1, &json!("service_error")));
    assert_eq!((events[0]["target"]["name"].as_str(), open(&app)), (Some("bob"), 0));
}
