//! The first sign-in of a user who needs a second factor and has no device.

use std::collections::HashSet;

use serde_json::json;

use crate::support::{Account, Login, TestApp, User, in_parallel};

async fn asked(app: &TestApp) -> (Account, User) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    (account, ann)
}

async fn begin(user: &User) -> Login {
    user.login().await.challenge("totp_enrollment")
}

#[tokio::test]
async fn the_qr_code_and_six_digits_lead_to_a_session() {
    let app = TestApp::start().await;
    let (account, ann) = asked(&app).await;
    let login = begin(&ann).await;
    assert!(login.token.starts_with("lk_ch_"));
    assert_eq!(login.body["expires_at"], "2027-01-15T08:10:15Z");

    let (phone, confirmed) = login.enroll().await;
    let session = confirmed.result.session();
    assert_eq!(session.body["session"]["amr"], json!(["pwd", "otp", "mfa"]));
    assert_eq!(session.claims()["amr"], json!(["pwd", "otp", "mfa"]));
    assert_eq!(session.body["user"]["two_factor"], json!({ "required": true, "status": "enrolled" }));
    assert_eq!(account.look_at(&ann).await["two_factor"], json!({ "required": true, "status": "enrolled" }));

    // The login is over, whatever is asked of it.
    login.state().await.problem(401, "challenge_invalid");
    login.enrollment().await.problem(401, "challenge_invalid");
    app.wait_for_next_code();
    login.confirm(&phone.code()).await.problem(401, "challenge_invalid");
    login.code(&phone.code()).await.problem(401, "challenge_invalid");
}

#[tokio::test]
async fn the_payload_says_what_an_app_needs() {
    let app = TestApp::start().await;
    let account = app.account_named("acme", "Acme Inc.").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let payload = begin(&ann).await.enrollment().await.ok(200);
    let secret = payload["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32, "160 bits in base32");
    let uri =
        format!("otpauth://totp/Acme%20Inc.:ann?secret={secret}&issuer=Acme%20Inc.&algorithm=SHA1&digits=6&period=30");
    assert_eq!(payload["otpauth_uri"], uri);
    let about = ["issuer", "account_name", "algorithm", "digits", "period"].map(|member| payload[member].clone());
    assert_eq!(about, [json!("Acme Inc."), json!("ann"), json!("SHA1"), json!(6), json!(30)]);
}

#[tokio::test]
async fn the_secret_stays_the_same_after_a_reload_and_after_wrong_codes() {
    let app = TestApp::start().await;
    let (_, ann) = asked(&app).await;
    let login = begin(&ann).await;
    let first = login.enrollment().await.ok(200);
    let phone = login.phone().await;
    for left in [4, 3, 2, 1] {
        let problem = login.confirm(&phone.wrong_code()).await.problem(401, "invalid_code");
        assert_eq!(problem.attempts_left(), Some(left));
        assert_eq!(login.enrollment().await.ok(200), first);
        app.wait_for_next_code();
        login.state().await.challenge("totp_enrollment");
        assert_eq!(login.enrollment().await.ok(200), first);
    }
    login.confirm(&phone.code()).await.confirmed().result.session();
}

#[tokio::test]
async fn the_secret_is_the_same_for_all_who_ask_at_once() {
    let app = TestApp::start().await;
    let (_, ann) = asked(&app).await;
    let login = begin(&ann).await;
    let payloads: Vec<_> = in_parallel(30, |_| login.enrollment()).await.iter().map(|reply| reply.ok(200)).collect();
    assert!(payloads.iter().all(|payload| *payload == payloads[0]));
    login.enroll().await.1.result.session();
}

#[tokio::test]
async fn every_login_has_a_secret_of_its_own() {
    let app = TestApp::start().await;
    let (_, ann) = asked(&app).await;
    let mut secrets = HashSet::new();
    for _ in 0..5 {
        let payload = begin(&ann).await.enrollment().await.ok(200);
        secrets.insert(payload["secret"].as_str().unwrap().to_owned());
    }
    assert_eq!(secrets.len(), 5);
}

#[tokio::test]
async fn a_code_of_another_logins_qr_code_does_not_confirm() {
    let app = TestApp::start().await;
    let (_, ann) = asked(&app).await;
    let (one, other) = (begin(&ann).await, begin(&ann).await);
    let (phone, other_phone) = (one.phone().await, other.phone().await);
    one.confirm(&other_phone.code()).await.problem(401, "invalid_code");
    one.confirm(&phone.code()).await.confirmed().result.session();
}

#[tokio::test]
async fn who_has_not_asked_for_the_qr_code_cannot_confirm() {
    let app = TestApp::start().await;
    let (_, ann) = asked(&app).await;
    let login = begin(&ann).await;
    assert_eq!(login.confirm("000000").await.problem(401, "invalid_code").attempts_left(), Some(4));
    login.enroll().await.1.result.session();
}

#[tokio::test]
async fn five_wrong_codes_end_the_enrolment() {
    let app = TestApp::start().await;
    let (_, ann) = asked(&app).await;
    let login = begin(&ann).await;
    let phone = login.phone().await;
    for left in [4, 3, 2, 1, 0] {
        let problem = login.confirm(&phone.wrong_code()).await.problem(401, "invalid_code");
        assert_eq!(problem.attempts_left(), Some(left));
    }
    login.confirm(&phone.code()).await.problem(401, "challenge_invalid");
    login.enrollment().await.problem(401, "challenge_invalid");
    begin(&ann).await.enroll().await.1.result.session();
}

#[tokio::test]
async fn the_code_that_confirmed_is_used_up() {
    let app = TestApp::start().await;
    let (_, ann) = asked(&app).await;
    let login = begin(&ann).await;
    let phone = login.phone().await;
    let code = phone.code();
    login.confirm(&code).await.confirmed().result.session();
    let login = ann.login().await.challenge("totp");
    login.code(&code).await.problem(401, "invalid_code");
    app.wait_for_next_code();
    login.code(&code).await.problem(401, "invalid_code");
    login.code(&phone.code()).await.session();
}

#[tokio::test]
async fn later_logins_ask_for_the_code_only_and_no_reply_holds_the_secret() {
    let app = TestApp::start().await;
    let (account, ann) = asked(&app).await;
    let first = begin(&ann).await;
    let payload = first.enrollment().await.ok(200);
    let secret = payload["secret"].as_str().unwrap();
    let (phone, _) = first.enroll().await;

    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp");
    let mut replies = vec![login.state().await];
    for accept in ["application/json", "image/svg+xml", "image/png", "text/plain"] {
        let reply = login.enrollment_as(accept).await;
        assert_eq!(reply.problem(409, "wrong_step")["next"], "totp");
        replies.push(reply);
    }
    let reply = login.confirm(&phone.code()).await;
    assert_eq!(reply.problem(409, "wrong_step")["next"], "totp");
    replies.push(reply);
    let last = login.code(&phone.code()).await;
    let session = last.session();
    replies.extend([last, session.me().await, app.platform_admin().await.get(&account.path("/users")).await]);
    for reply in &replies {
        let text = String::from_utf8_lossy(&reply.body);
        for hidden in [secret, "otpauth", "qr_"] {
            assert!(!text.contains(hidden), "{reply:?}");
        }
    }
}

#[tokio::test]
async fn at_the_enrolment_no_other_answer_is_taken_or_counted() {
    let app = TestApp::start().await;
    let (_, ann) = asked(&app).await;
    let login = begin(&ann).await;
    let phone = login.phone().await;
    for _ in 0..6 {
        for reply in [
            login.code(&phone.code()).await,
            login.recovery_code("7k2m-9xqa-0vtd-h4re").await,
            login.new_password("some other password 5").await,
            login.call("POST", "/session").send().await,
        ] {
            assert_eq!(reply.problem(409, "wrong_step")["next"], "totp_enrollment");
        }
    }
    login.confirm(&phone.code()).await.confirmed().result.session();
}
