//! Spellings of a code: accepted as documented, or rejected without counting.

use chrono::TimeDelta;

use crate::support::{Login, Reply, TestApp};

/// What cannot be six digits.
fn no_codes() -> Vec<String> {
    let mut texts: Vec<_> = [
        "",
        " ",
        "12345",
        "1234567",
        "12345a",
        "abcdef",
        "12-34-56",
        "123,456",
        "+12345",
        "-12345",
        "1e5000",
        "0x1234",
        "１２３４５６",
        "١٢٣٤٥٦",
        "12345６",
        "123\u{200b}456",
        "12345\u{0}",
        "null",
        "é1234",
        "123456 123456",
    ]
    .map(str::to_owned)
    .into();
    texts.push("1".repeat(60_000));
    texts.push(format!("123456{}", " ".repeat(60_000)));
    texts
}

/// The same six digits as people and apps write them.
fn spellings(code: &str) -> Vec<String> {
    let (first, last) = code.split_at(3);
    let apart: String = code.chars().flat_map(|digit| [digit, ' ']).collect();
    vec![
        format!("{first} {last}"),
        format!("{first}\u{a0}{last}"),
        format!("{first}\u{2009}{last}"),
        format!(" {code}\r\n"),
        format!("\t{first}\u{3000}{last} "),
        apart,
    ]
}

#[track_caller]
fn refused(reply: &Reply) {
    assert_eq!(reply.problem(422, "validation_failed").errors(), [("/code", "malformed_code")]);
}

#[track_caller]
fn attempts_left(login: &Reply) -> u64 {
    login.challenge("totp").body["totp"]["attempts_left"].as_u64().unwrap()
}

#[tokio::test]
async fn what_is_no_code_is_refused_and_not_counted() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    for text in no_codes() {
        refused(&login.confirm(&text).await);
    }
    ann.sign_in().await;

    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp");
    for text in no_codes() {
        refused(&login.code(&text).await);
    }
    for text in
        ["", "7k2m-9xqa-0vtd-h4r", "7k2m-9xqa-0vtd-h4re-7", "7k2m-9xqa-0vtd-h4ru", "123456", "७k2m-9xqa-0vtd-h4re"]
    {
        refused(&login.recovery_code(text).await);
    }
    refused(&login.recovery_code(&"7".repeat(60_000)).await);
    assert_eq!(attempts_left(&login.state().await), 5);
    login.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn spaces_in_a_code_do_not_matter() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    ann.sign_in().await;
    let phone = ann.phone();
    for number in 0..spellings("123456").len() {
        app.wait(TimeDelta::seconds(30));
        let login: Login = ann.login().await.challenge("totp");
        let typed = spellings(&phone.code())[number].clone();
        login.code(&typed).await.session();
    }
    // A wrong code is wrong in every spelling.
    let login = ann.login().await.challenge("totp");
    for (typed, left) in spellings(&phone.wrong_code()).iter().zip([4, 3, 2, 1, 0]) {
        assert_eq!(login.code(typed).await.problem(401, "invalid_code").attempts_left(), Some(left));
    }
}

#[tokio::test]
async fn the_first_code_may_have_spaces_too() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    for number in 0..spellings("123456").len() {
        let user = account.user(&format!("user {number}")).await;
        let login = user.login().await.challenge("totp_enrollment");
        let typed = spellings(&login.phone().await.code())[number].clone();
        login.confirm(&typed).await.confirmed().result.session();
    }
}
