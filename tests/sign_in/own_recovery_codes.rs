//! New recovery codes, and whether the user has kept them.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Account, Phone, Reply, Session, TestApp, User};

const CODES: &str = "/v1/me/two-factor/recovery-codes";
const ACKNOWLEDGEMENT: &str = "/v1/me/two-factor/recovery-codes/acknowledgement";

async fn enrolled(app: &TestApp) -> (Account, User, Session, Phone, Vec<String>) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    let (phone, confirmed) = ann.login().await.challenge("totp_enrollment").enroll().await;
    (account, ann, confirmed.result.session(), phone, confirmed.recovery_codes)
}

async fn new_codes(session: &Session) -> Reply {
    session.call("POST", CODES).send().await
}

async fn acknowledge(session: &Session) -> Reply {
    session.call("POST", ACKNOWLEDGEMENT).send().await
}

async fn codes_of(session: &Session) -> Value {
    session.me().await.ok(200)["recovery_codes"].clone()
}

fn texts(reply: &Reply) -> Vec<String> {
    let codes = reply.ok(200)["recovery_codes"].clone();
    serde_json::from_value(codes).unwrap()
}

/// The session with the access token of this reply.
fn renewed(session: &Session, reply: &Reply) -> Session {
    let mut body = reply.ok(200);
    body["refresh_token"] = Value::from(session.refresh_token.clone());
    session.with_body(body)
}

#[tokio::test]
async fn codes_count_as_seen_when_the_user_says_so() {
    let app = TestApp::start().await;
    let (account, ann, session, _, codes) = enrolled(&app).await;
    assert_eq!(codes_of(&session).await, json!({ "left": 10, "acknowledged": false }));
    ann.login().await.challenge("totp").recovery_code(&codes[0]).await.session();
    assert_eq!(codes_of(&session).await, json!({ "left": 9, "acknowledged": false }));
    for _ in 0..2 {
        acknowledge(&session).await.empty(204);
        assert_eq!(codes_of(&session).await, json!({ "left": 9, "acknowledged": true }));
    }
    let by = account.admin(&["audit_read"]).await;
    let path = account.path(&format!("/audit-events?target={}", ann.id()));
    let events = by.get(&path).await.ok(200);
    let acknowledged = |event: &&Value| event["action"] == "two_factor.recovery_codes_acknowledged";
    assert_eq!(events["items"].as_array().unwrap().iter().filter(acknowledged).count(), 1, "{events}");
}

#[tokio::test]
async fn who_has_none_can_acknowledge_none() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = account.user("ann").await.login().await.session();
    assert_eq!(codes_of(&session).await, Value::Null);
    acknowledge(&session).await.problem(409, "conflict");
    let detail = new_codes(&session).await.problem(409, "conflict").detail().to_owned();
    assert!(detail.contains("second factor"), "{detail}");
}

#[tokio::test]
async fn new_codes_take_the_place_of_the_old_ones() {
    let app = TestApp::start().await;
    let (_, ann, session, _, old) = enrolled(&app).await;
    acknowledge(&session).await.empty(204);
    let new = texts(&new_codes(&session).await);
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !old.contains(code)));
    assert_eq!(codes_of(&session).await, json!({ "left": 10, "acknowledged": false }));
    ann.login().await.challenge("totp").recovery_code(&old[0]).await.problem(401, "invalid_code");
    ann.login().await.challenge("totp").recovery_code(&new[0]).await.session();
}

#[tokio::test]
async fn a_lost_reply_can_be_asked_for_again() {
    let app = TestApp::start().await;
    let (_, _, session, _, _) = enrolled(&app).await;
    let ask = |key: &'static str| session.call("POST", CODES).header("idempotency-key", key).send();
    let first = texts(&ask("k").await);
    app.wait(TimeDelta::seconds(119));
    assert_eq!(texts(&ask("k").await), first);
    app.wait(TimeDelta::seconds(1));
    ask("k").await.problem(409, "conflict");
    // No longer than that are they kept, under the seal either.
    app.wait(TimeDelta::milliseconds(1));
    app.service().purge().await.unwrap();
    let kept = app.look_into_database("SELECT CAST(count(*) AS TEXT) FROM one_time_replies");
    assert_eq!(kept, ["0"]);
    let lengths = "SELECT CAST(length(sealed_reply) AS TEXT) FROM idempotency_keys";
    assert_eq!(
        app.look_into_database(lengths),
        [(8 + 24 + "null".len() + 16).to_string()],
        "that it was done, no codes"
    );
    // Never new ones: the user may have kept those of a request in between.
    let second = texts(&ask("l").await);
    assert_ne!(second, first);
    acknowledge(&session).await.empty(204);
    texts(&ask("m").await);
    for key in ["k", "l"] {
        let detail = ask(key).await.problem(409, "conflict").detail().to_owned();
        assert!(detail.contains("Idempotency-Key"), "{detail}");
    }
}

#[tokio::test]
async fn they_need_a_recent_sign_in() {
    let app = TestApp::start().await;
    let (_, _, session, phone, _) = enrolled(&app).await;
    app.wait(TimeDelta::minutes(9));
    let session = session.refresh().await.session();
    app.wait(TimeDelta::minutes(6) + TimeDelta::seconds(1));
    assert_eq!(new_codes(&session).await.problem(401, "reauthentication_required")["max_age"], 900);
    // To say that they were kept does not.
    acknowledge(&session).await.empty(204);
    let reply = session.reauthenticate(json!({ "code": phone.code() })).await;
    texts(&new_codes(&renewed(&session, &reply)).await);
}

/// Whoever knows the password alone could else replace the second factor by a code while the policy does not ask for it.
#[tokio::test]
async fn they_need_the_second_factor_even_while_it_sleeps() {
    let app = TestApp::start().await;
    let (account, ann, _, phone, _) = enrolled(&app).await;
    account.set_mode("disabled").await;
    let session = ann.login().await.session();
    assert_eq!(session.body["session"]["amr"], json!(["pwd"]));
    for _ in 0..2 {
        acknowledge(&session).await.problem(401, "reauthentication_required");
        let reply = new_codes(&session).await;
        let problem = reply.problem(401, "reauthentication_required");
        assert!(problem.detail().contains("second factor"), "{problem:?}");
        // The password alone changes nothing.
        session.reauthenticate(json!({ "password": ann.password() })).await.ok(200);
    }
    app.wait_for_next_code();
    let both = |code: String| json!({ "password": ann.password(), "code": code });
    session.reauthenticate(both(phone.wrong_code())).await.problem(401, "invalid_code");
    let reply = session.reauthenticate(both(phone.code())).await;
    let session = renewed(&session, &reply);
    assert_eq!(session.body["session"]["amr"], json!(["pwd", "otp", "mfa"]));
    let codes = texts(&new_codes(&session).await);
    account.set_mode("all_users").await;
    ann.login().await.challenge("totp").recovery_code(&codes[0]).await.session();
}

#[tokio::test]
async fn a_login_that_goes_on_can_acknowledge_them() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    account.act_on(&ann, "require-password-change").await.empty(204);
    let login = ann.login().await.challenge("totp_enrollment");
    let acknowledge = || login.call("POST", "/recovery-codes/acknowledgement").send();
    acknowledge().await.problem(409, "wrong_step");
    let (phone, confirmed) = login.enroll().await;
    confirmed.result.challenge("password_change");
    acknowledge().await.empty(204);
    acknowledge().await.empty(204);
    login.state().await.challenge("password_change");
    let session = login.new_password(crate::support::OTHER_PASSWORD).await.session();
    assert_eq!(codes_of(&session).await, json!({ "left": 10, "acknowledged": true }));
    acknowledge().await.problem(401, "challenge_invalid");
    // Nobody acknowledges with the password alone.
    ann.remember_password(crate::support::OTHER_PASSWORD);
    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp");
    login.call("POST", "/recovery-codes/acknowledgement").send().await.problem(409, "wrong_step");
    login.code(&phone.code()).await.session();
    // Nor does a login that has shown none.
    account.act_on(&ann, "require-password-change").await.empty(204);
    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp");
    login.code(&phone.code()).await.challenge("password_change");
    login.call("POST", "/recovery-codes/acknowledgement").send().await.problem(409, "conflict");
    account.set_mode("disabled").await;
    let login = ann.login().await.challenge("password_change");
    login.call("POST", "/recovery-codes/acknowledgement").send().await.problem(409, "wrong_step");
}
