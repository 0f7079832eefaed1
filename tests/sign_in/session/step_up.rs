//! Sensitive operations require a recent sign-in (RFC 9470).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Account, OTHER_PASSWORD, Reply, Session, TestApp, User};

async fn admin(app: &TestApp) -> (Account, User) {
    let account = app.account("acme").await;
    let ann = account.user_with("ann", &["account_settings", "user_permissions"]).await;
    (account, ann)
}

/// A sensitive operation.
async fn switch_on(session: &Session, account: &Account) -> Reply {
    let body = json!({ "mode": "all_users" });
    session.call("PUT", &account.path("/two-factor-policy")).json(&body).send().await
}

/// The session, so old that sensitive operations are refused, with an access token that counts.
async fn aged(app: &TestApp, session: &Session) -> Session {
    app.wait(TimeDelta::minutes(9));
    let session = session.refresh().await.session();
    app.wait(TimeDelta::minutes(6) + TimeDelta::seconds(1));
    session
}

fn renewed(session: &Session, reply: &Reply) -> Session {
    let mut body = reply.ok(200);
    body["refresh_token"] = Value::from(session.refresh_token.clone());
    session.with_body(body)
}

#[tokio::test]
async fn after_a_quarter_of_an_hour_a_proof_is_asked_for_and_then_the_operation_works() {
    let app = TestApp::start().await;
    let (account, ann) = admin(&app).await;
    let session = ann.login().await.session();
    let before = session.get(&account.path("/two-factor-policy")).await.ok(200);
    let session = aged(&app, &session).await;

    let reply = switch_on(&session, &account).await;
    let problem = reply.problem(401, "reauthentication_required");
    assert_eq!(problem["max_age"], 900);
    let challenge = "Bearer realm=\"latchkey\", error=\"insufficient_user_authentication\"";
    assert!(reply.header("www-authenticate").starts_with(challenge), "{reply:?}");
    assert!(reply.header("www-authenticate").ends_with(", max_age=\"900\""), "{reply:?}");
    // Nothing has changed, and reading is not sensitive.
    assert_eq!(session.get(&account.path("/two-factor-policy")).await.ok(200), before);

    let reply = session.reauthenticate(json!({ "password": ann.password() })).await;
    let again = renewed(&session, &reply);
    assert_eq!((&again.body["token_type"], &again.body["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(again.claims()["auth_time"], app.now().timestamp());
    assert_eq!(again.claims()["sid"], session.claims()["sid"]);
    assert_eq!(again.body["session"]["auth_time"], "2027-01-15T08:15:16Z");
    switch_on(&again, &account).await.ok(200);
    session.refresh().await.session();
}

#[tokio::test]
async fn a_sign_in_is_recent_for_exactly_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let (account, ann) = admin(&app).await;
    let session = ann.login().await.session();
    app.wait(TimeDelta::minutes(9));
    let session = session.refresh().await.session();
    app.wait(TimeDelta::minutes(6));
    switch_on(&session, &account).await.ok(200);
    app.wait(TimeDelta::microseconds(1));
    switch_on(&session, &account).await.problem(401, "reauthentication_required");
}

#[tokio::test]
async fn refreshing_is_no_proof_but_signing_in_is() {
    let app = TestApp::start().await;
    let (account, ann) = admin(&app).await;
    let old = aged(&app, &ann.login().await.session()).await;
    let old = old.refresh().await.session();
    switch_on(&old, &account).await.problem(401, "reauthentication_required");
    switch_on(&ann.login().await.session(), &account).await.ok(200);
    // The proof belongs to one session.
    switch_on(&old, &account).await.problem(401, "reauthentication_required");
}

#[tokio::test]
async fn who_has_no_second_factor_proves_it_with_the_password() {
    let app = TestApp::start().await;
    let (account, ann) = admin(&app).await;
    let session = aged(&app, &ann.login().await.session()).await;
    for proof in [json!({}), json!({ "code": "123456" })] {
        let problem = session.reauthenticate(proof).await.problem(422, "validation_failed");
        assert_eq!(problem.errors(), [("/password", "required")]);
    }
    session.reauthenticate(json!({ "password": "wrong" })).await.problem(401, "invalid_credentials");
    session.reauthenticate(json!({ "password": "" })).await.problem(422, "validation_failed");
    session.reauthenticate(json!({ "password": "wrong", "code": "123456" })).await.problem(401, "invalid_credentials");
    switch_on(&session, &account).await.problem(401, "reauthentication_required");
    let reply = session.reauthenticate(json!({ "password": ann.password(), "code": "123456" })).await;
    assert_eq!(renewed(&session, &reply).claims()["amr"], json!(["pwd"]));
    switch_on(&session, &account).await.ok(200);
}

#[tokio::test]
async fn who_has_a_second_factor_proves_it_with_the_code() {
    let app = TestApp::start().await;
    let (account, ann) = admin(&app).await;
    account.set_mode("all_users").await;
    let session = aged(&app, &ann.sign_in().await).await;
    let phone = ann.phone();
    for proof in [json!({}), json!({ "password": ann.password() })] {
        let problem = session.reauthenticate(proof).await.problem(422, "validation_failed");
        assert_eq!(problem.errors(), [("/code", "required")]);
    }
    let malformed = session.reauthenticate(json!({ "code": "12345" })).await.problem(422, "validation_failed");
    assert_eq!(malformed.errors(), [("/code", "malformed_code")]);
    let wrong = session.reauthenticate(json!({ "code": phone.wrong_code() })).await.problem(401, "invalid_code");
    assert_eq!(wrong.attempts_left(), None, "no challenge, nothing to count down");
    let both = json!({ "password": "wrong", "code": phone.code() });
    session.reauthenticate(both).await.problem(401, "invalid_credentials");
    switch_on(&session, &account).await.problem(401, "reauthentication_required");

    let code = phone.code();
    let reply = session.reauthenticate(json!({ "code": code })).await;
    assert_eq!(renewed(&session, &reply).claims()["amr"], json!(["pwd", "otp", "mfa"]));
    switch_on(&session, &account).await.ok(200);
    // The code is used up, here and at the sign-in.
    session.reauthenticate(json!({ "code": code })).await.problem(401, "invalid_code");
    ann.login().await.challenge("totp").code(&code).await.problem(401, "invalid_code");
    app.wait_for_next_code();
    let both = json!({ "password": ann.password(), "code": phone.code() });
    session.reauthenticate(both).await.ok(200);
}

#[tokio::test]
async fn who_is_asked_for_a_device_but_has_none_yet_proves_it_with_the_password() {
    let app = TestApp::start().await;
    let (account, ann) = admin(&app).await;
    let session = ann.login().await.session();
    account.set_mode("all_users").await;
    let session = aged(&app, &session).await;
    session.reauthenticate(json!({ "password": ann.password() })).await.ok(200);
    switch_on(&session, &account).await.ok(200);
}

#[tokio::test]
async fn a_proof_needs_a_living_session() {
    let app = TestApp::start().await;
    let (account, ann) = admin(&app).await;
    // Or Ann, as the last one, could not be disabled.
    account.admin(&["user_permissions"]).await;
    let proof = json!({ "password": ann.password() });
    app.call("POST", "/v1/me/reauthentication").json(&proof).send().await.problem(401, "invalid_token");
    let session = ann.login().await.session();
    session.logout().await.empty(204);
    session.reauthenticate(proof.clone()).await.problem(401, "invalid_token");
    let session = ann.login().await.session();
    account.act_on(&ann, "disable").await.empty(204);
    session.reauthenticate(proof).await.problem(401, "invalid_token");
}

#[tokio::test]
async fn every_operation_that_hands_out_power_asks_for_it() {
    let app = TestApp::start().await;
    let (account, ann) = admin(&app).await;
    let bob = account.user("bob").await;
    let session = aged(&app, &ann.login().await.session()).await;
    for (method, path, body) in [
        ("PUT", account.path("/two-factor-policy"), json!({ "mode": "disabled" })),
        ("PUT", account.path(&format!("/users/{}/permissions", bob.id())), json!({ "permissions": [] })),
        ("POST", account.path(&format!("/users/{}/actions/reset-two-factor", bob.id())), Value::Null),
        ("POST", account.path(&format!("/users/{}/actions/send-activation", bob.id())), Value::Null),
    ] {
        let call = session.call(method, &path);
        let call = if body.is_null() { call } else { call.json(&body) };
        call.send().await.problem(401, "reauthentication_required");
    }
}

#[tokio::test]
async fn wrong_proofs_are_guesses_too() {
    let app = TestApp::with(|config| {
        config.throttle.password_of_user.free = Some(3);
        config.throttle.code_of_user.free = Some(3);
    })
    .await;
    let (account, ann) = admin(&app).await;
    let session = ann.login().await.session();
    for _ in 0..3 {
        session.reauthenticate(json!({ "password": OTHER_PASSWORD })).await.problem(401, "invalid_credentials");
    }
    let right = json!({ "password": ann.password() });
    assert_eq!(session.reauthenticate(right.clone()).await.problem(429, "too_many_requests").retry_after(), 1);
    // Who has taken over a session does not shut its owner out.
    ann.login().await.session();
    session.reauthenticate(right.clone()).await.problem(429, "too_many_requests");
    app.wait(TimeDelta::seconds(1));
    session.reauthenticate(right).await.ok(200);

    account.set_mode("all_users").await;
    let session = ann.sign_in().await;
    let phone = ann.phone();
    for _ in 0..3 {
        session.reauthenticate(json!({ "code": phone.wrong_code() })).await.problem(401, "invalid_code");
    }
    app.wait(TimeDelta::milliseconds(500));
    let reply = session.reauthenticate(json!({ "code": phone.fresh_code() })).await;
    assert_eq!(reply.problem(429, "too_many_requests").retry_after(), 1);
    app.wait_for_next_code();
    session.reauthenticate(json!({ "code": phone.fresh_code() })).await.ok(200);
}

#[tokio::test]
async fn bodies_of_another_shape_prove_nothing() {
    let app = TestApp::start().await;
    let (account, ann) = admin(&app).await;
    let session = aged(&app, &ann.login().await.session()).await;
    let password = ann.password();
    for (body, pointer, code) in [
        (json!({ "password": 7 }), "/password", "wrong_type"),
        (json!({ "password": [password] }), "/password", "wrong_type"),
        (json!({ "code": 123_456 }), "/code", "wrong_type"),
        (json!([password, "123456"]), "", "wrong_type"),
        (json!({ "password": null }), "/password", "required"),
    ] {
        let problem = session.reauthenticate(body).await.problem(422, "validation_failed");
        assert_eq!(problem.errors(), [(pointer, code)]);
    }
    let unknown = json!({ "password": password, "surprise": 1 });
    session.reauthenticate(unknown).await.problem(400, "malformed_request");
    let call = || session.call("POST", "/v1/me/reauthentication");
    call().bytes("").send().await.problem(400, "malformed_request");
    call().bare(&json!({ "password": password }).to_string()).send().await.problem(415, "unsupported_media_type");
    switch_on(&session, &account).await.problem(401, "reauthentication_required");
}
