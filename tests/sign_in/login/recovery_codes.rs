//! Ten recovery codes, for a lost phone.

use std::collections::HashSet;

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Account, Login, TestApp, User, in_parallel, statuses};

async fn with_codes(app: &TestApp) -> (Account, User, Vec<String>) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let (phone, confirmed) = ann.login().await.challenge("totp_enrollment").enroll().await;
    confirmed.result.session();
    ann.remember_phone(Some(phone));
    (account, ann, confirmed.recovery_codes)
}

async fn begin(user: &User) -> Login {
    user.login().await.challenge("totp")
}

fn codes_left(login: &Login) -> u64 {
    login.body["totp"]["recovery_codes_left"].as_u64().unwrap()
}

#[tokio::test]
async fn there_are_ten_and_each_signs_in_once() {
    let app = TestApp::start().await;
    let (_, ann, codes) = with_codes(&app).await;
    assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 10);
    for code in &codes {
        let groups: Vec<_> = code.split('-').map(str::len).collect();
        assert_eq!(groups, [4, 4, 4, 4], "80 bits in base32");
    }
    for (used, code) in codes.iter().enumerate() {
        let login = begin(&ann).await;
        assert_eq!(codes_left(&login), 10 - u64::try_from(used).unwrap());
        let session = login.recovery_code(code).await.session();
        assert_eq!(session.body["session"]["amr"], json!(["pwd", "otp", "mfa"]));
        login.recovery_code(code).await.problem(401, "challenge_invalid");
        let login = begin(&ann).await;
        assert_eq!(login.recovery_code(code).await.problem(401, "invalid_code").attempts_left(), Some(4));
        app.wait(TimeDelta::hours(1));
    }
    let login = begin(&ann).await;
    assert_eq!(codes_left(&login), 0);
    // The phone works as before.
    login.code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn they_are_shown_once() {
    let app = TestApp::start().await;
    let (account, ann, codes) = with_codes(&app).await;
    app.wait_for_next_code();
    let login = begin(&ann).await;
    let mut replies = vec![login.state().await, login.enrollment().await];
    let last = login.code(&ann.phone().code()).await;
    let session = last.session();
    replies.extend([last, session.me().await, session.refresh().await]);
    replies.push(app.platform_admin().await.get(&account.path(&format!("/users/{}", ann.id()))).await);
    for reply in &replies {
        let text = String::from_utf8_lossy(&reply.body);
        assert!(codes.iter().all(|code| !text.contains(code)), "{reply:?}");
    }
}

#[tokio::test]
async fn every_spelling_is_accepted() {
    let app = TestApp::start().await;
    let (_, ann, codes) = with_codes(&app).await;
    let confused = |code: &str| code.replace('0', "O").replace('1', "l");
    let spellings: [(&str, String); 9] = [
        ("as shown", codes[0].clone()),
        ("upper case", codes[1].to_uppercase()),
        ("no hyphens", codes[2].replace('-', "")),
        ("spaces", codes[3].replace('-', " ")),
        ("spaces around", format!("  {}\r\n", codes[4])),
        ("dashes of a word processor", codes[5].replace('-', "\u{2013}")),
        ("no-break spaces", codes[6].replace('-', "\u{a0}")),
        ("letters for digits", confused(&codes[7])),
        ("other groups", format!("{} {}", &codes[8].replace('-', "")[..8], &codes[8].replace('-', "")[8..])),
    ];
    for (what, typed) in spellings {
        let reply = begin(&ann).await.recovery_code(&typed).await;
        assert_eq!(reply.status, 200, "{what}: {reply:?}");
        reply.session();
    }
    assert_eq!(codes_left(&begin(&ann).await), 1);
}

#[tokio::test]
async fn fifty_parallel_uses_are_one() {
    // Without patience for wrong codes most of them would not even be looked at.
    let app = TestApp::with(|config| config.throttle.code_of_user.free = Some(100_000)).await;
    let (_, ann, codes) = with_codes(&app).await;
    let mut logins = Vec::new();
    for _ in 0..50 {
        logins.push(begin(&ann).await);
    }
    let replies = in_parallel(50, |number| logins[number].recovery_code(&codes[0])).await;
    let counts = statuses(&replies);
    assert_eq!((counts["200"], counts["401 invalid_code"]), (1, 49), "{counts:?}");
    assert_eq!(codes_left(&begin(&ann).await), 9);
}

#[tokio::test]
async fn fifty_parallel_uses_in_one_login_are_one() {
    let app = TestApp::start().await;
    let (_, ann, codes) = with_codes(&app).await;
    let login = begin(&ann).await;
    let replies = in_parallel(50, |_| login.recovery_code(&codes[0])).await;
    let counts = statuses(&replies);
    assert_eq!((counts["200"], counts["401 challenge_invalid"]), (1, 49), "{counts:?}");
}

#[tokio::test]
async fn ten_parallel_codes_in_one_login_use_up_one() {
    let app = TestApp::start().await;
    let (_, ann, codes) = with_codes(&app).await;
    let login = begin(&ann).await;
    let replies = in_parallel(10, |number| login.recovery_code(&codes[number])).await;
    let counts = statuses(&replies);
    assert_eq!((counts["200"], counts["401 challenge_invalid"]), (1, 9), "{counts:?}");
    assert_eq!(codes_left(&begin(&ann).await), 9);
}

#[tokio::test]
async fn codes_of_somebody_else_and_of_an_earlier_device_do_not_work() {
    let app = TestApp::start().await;
    let (account, ann, old) = with_codes(&app).await;
    let bob = account.user("bob").await;
    let (_, bobs) = bob.login().await.challenge("totp_enrollment").enroll().await;
    begin(&ann).await.recovery_code(&bobs.recovery_codes[0]).await.problem(401, "invalid_code");

    account.act_on(&ann, "reset-two-factor").await.empty(204);
    let (_, confirmed) = ann.login().await.challenge("totp_enrollment").enroll().await;
    assert!(old.iter().all(|code| !confirmed.recovery_codes.contains(code)));
    begin(&ann).await.recovery_code(&old[0]).await.problem(401, "invalid_code");
    begin(&ann).await.recovery_code(&confirmed.recovery_codes[0]).await.session();
}
