//! A reply that shows something once can be asked for again, with the same `Idempotency-Key`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Account, Login, OTHER_PASSWORD, PASSWORD, Phone, Reply, TestApp, User, in_parallel, statuses};

async fn asked(app: &TestApp) -> (Account, User) {
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    (account, ann)
}

/// A user who has a device, and must choose a new password at the next sign-in.
async fn enrolled(app: &TestApp) -> (Account, User, Phone, Vec<String>) {
    let (account, ann) = asked(app).await;
    let (phone, confirmed) = ann.login().await.challenge("totp_enrollment").enroll().await;
    app.wait_for_next_code();
    (account, ann, phone, confirmed.recovery_codes)
}

async fn step(login: &Login, path: &str, key: &str, body: &Value) -> Reply {
    login.call("POST", path).header("idempotency-key", key).json(body).send().await
}

#[tokio::test]
async fn recovery_codes_and_tokens_of_a_lost_reply_come_again() {
    let app = TestApp::start().await;
    let (account, ann) = asked(&app).await;
    let login = ann.login().await.challenge("totp_enrollment");
    let code = json!({ "code": login.phone().await.code() });
    let lost = step(&login, "/totp-enrollment", "k", &code).await.confirmed();
    assert_eq!(lost.recovery_codes.len(), 10);
    for seconds in [0, 60, 59] {
        app.wait(TimeDelta::seconds(seconds));
        let again = step(&login, "/totp-enrollment", "k", &code).await;
        assert_eq!(again.ok(200)["recovery_codes"], json!(lost.recovery_codes));
        assert_eq!(again.confirmed().result.ok(200), lost.result.ok(200), "the same session");
    }
    // Without the key, with another, with another challenge, and after two minutes, nothing is shown twice.
    login.confirm(code["code"].as_str().unwrap()).await.problem(401, "challenge_invalid");
    step(&login, "/totp-enrollment", "l", &code).await.problem(401, "challenge_invalid");
    let other = ann.login().await.challenge("totp");
    step(&other, "/totp-enrollment", "k", &code).await.problem(409, "wrong_step");
    app.wait(TimeDelta::seconds(1));
    step(&login, "/totp-enrollment", "k", &code).await.problem(401, "challenge_invalid");
    lost.result.session().me().await.ok(200);
    // It happened once.
    let by = account.admin(&["audit_read"]).await;
    let path = account.path(&format!("/audit-events?action=two_factor.enrolled&target={}", ann.id()));
    assert_eq!(by.get(&path).await.ok(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_step_can_be_repeated() {
    let app = TestApp::start().await;
    let (account, ann, phone, codes) = enrolled(&app).await;

    let login = ann.login().await.challenge("totp");
    let code = json!({ "code": phone.code() });
    let first = step(&login, "/totp", "k", &code).await;
    assert_eq!(step(&login, "/totp", "k", &code).await.ok(200), first.ok(200));
    first.session().me().await.ok(200);

    let login = ann.login().await.challenge("totp");
    let code = json!({ "code": codes[0] });
    let first = step(&login, "/recovery-code", "k", &code).await;
    assert_eq!(step(&login, "/recovery-code", "k", &code).await.ok(200), first.ok(200));
    first.session().me().await.ok(200);

    account.act_on(&ann, "require-password-change").await.empty(204);
    let login = ann.login().await.challenge("totp");
    let code = json!({ "code": codes[1] });
    let first = step(&login, "/recovery-code", "k", &code).await;
    first.challenge("password_change");
    assert_eq!(step(&login, "/recovery-code", "k", &code).await.ok(200), first.ok(200), "the step after it");
    let password = json!({ "new_password": OTHER_PASSWORD });
    let first = step(&login, "/password", "k2", &password).await;
    assert_eq!(step(&login, "/password", "k2", &password).await.ok(200), first.ok(200));
    first.session().me().await.ok(200);
    // The login went on: what the earlier step said is not true any more.
    step(&login, "/recovery-code", "k", &code).await.problem(401, "challenge_invalid");

    ann.remember_password(OTHER_PASSWORD);
    let login = ann.login().await.challenge("totp");
    account.set_mode("disabled").await;
    let session = |key: &'static str| login.call("POST", "/session").header("idempotency-key", key).send();
    let first = session("k").await;
    assert_eq!(session("k").await.ok(200), first.ok(200));
    session("l").await.problem(401, "challenge_invalid");
}

#[tokio::test]
async fn a_double_click_shows_the_same_page_twice() {
    let app = TestApp::start().await;
    let (_, ann) = asked(&app).await;
    for round in 0..3 {
        let login = ann.login().await;
        if round == 0 {
            let login = login.challenge("totp_enrollment");
            let phone = login.phone().await;
            ann.remember_phone(Some(phone.clone()));
            let body = json!({ "code": phone.code() });
            let replies = in_parallel(5, |_| step(&login, "/totp-enrollment", "k", &body)).await;
            assert_eq!(statuses(&replies), [("200".to_owned(), 5)].into());
            assert!(replies.iter().all(|reply| reply.ok(200) == replies[0].ok(200)));
        } else {
            app.wait_for_next_code();
            let login = login.challenge("totp");
            let body = json!({ "code": ann.phone().code() });
            let replies = in_parallel(5, |_| step(&login, "/totp", "k", &body)).await;
            assert_eq!(statuses(&replies), [("200".to_owned(), 5)].into());
            assert!(replies.iter().all(|reply| reply.ok(200) == replies[0].ok(200)));
        }
    }
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let app = TestApp::start().await;
    let (_, ann, phone, _) = enrolled(&app).await;
    let login = ann.login().await.challenge("totp");
    let code = phone.code();
    let session = step(&login, "/totp", "k", &json!({ "code": code })).await.session();
    for other in [phone.wrong_code(), format!("{code} ")] {
        step(&login, "/totp", "k", &json!({ "code": other })).await.problem(422, "idempotency_key_reused");
    }
    step(&login, "/recovery-code", "k", &json!({ "code": "7k2m-9xqa-0vtd-h4re" }))
        .await
        .problem(422, "idempotency_key_reused");
    session.me().await.ok(200);
    // The same key in another login is another request.
    app.wait_for_next_code();
    let other = ann.login().await.challenge("totp");
    let second = step(&other, "/totp", "k", &json!({ "code": phone.code() })).await.session();
    assert_ne!(second.claims()["sid"], session.claims()["sid"]);
}

#[tokio::test]
async fn a_wrong_code_counts_each_time() {
    let app = TestApp::start().await;
    let (_, ann, phone, _) = enrolled(&app).await;
    let login = ann.login().await.challenge("totp");
    for left in (0..5).rev() {
        let reply = step(&login, "/totp", "k", &json!({ "code": phone.wrong_code() })).await;
        assert_eq!(reply.problem(401, "invalid_code").attempts_left(), Some(left));
    }
    step(&login, "/totp", "k", &json!({ "code": phone.code() })).await.problem(401, "challenge_invalid");
}

/// The tokens and the codes in a kept reply are as good as those of the first, and no longer.
#[tokio::test]
async fn nothing_comes_again_that_is_no_longer_good() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    for end in ["logout", "disable", "revoke-sessions", "reset-two-factor", "codes", "delete"] {
        let user = account.user(&format!("user {end}")).await;
        let login = user.login().await.challenge("totp_enrollment");
        let code = json!({ "code": login.phone().await.code() });
        let session = step(&login, "/totp-enrollment", "k", &code).await.confirmed().result.session();
        match end {
            "logout" => session.logout().await.empty(204),
            "codes" => {
                session.call("POST", "/v1/me/two-factor/recovery-codes").send().await.ok(200);
            }
            "delete" => {
                let path = account.path(&format!("/users/{}", user.id()));
                app.platform_admin().await.delete(&path).await.empty(204);
            }
            action => account.act_on(&user, action).await.empty(204),
        }
        step(&login, "/totp-enrollment", "k", &code).await.problem(401, "challenge_invalid");
    }
}

#[tokio::test]
async fn an_activation_can_be_repeated() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.invited(json!({ "username": "ann" })).await;
    let body = json!({ "code": ann.activation_code(), "new_password": PASSWORD });
    let activate = |key: &'static str, body: &Value| {
        app.call("POST", "/v1/activations").header("idempotency-key", key).json(body).send()
    };
    let replies = in_parallel(5, |_| activate("k", &body)).await;
    assert_eq!(statuses(&replies), [("204".to_owned(), 5)].into());
    ann.remember_password(PASSWORD);
    let session = ann.login().await.session();
    activate("k", &body).await.empty(204);
    session.me().await.ok(200);
    activate("l", &body).await.problem(401, "invalid_code");
    let other = json!({ "code": ann.activation_code(), "new_password": OTHER_PASSWORD });
    activate("k", &other).await.problem(422, "idempotency_key_reused");
    app.wait(TimeDelta::minutes(2));
    activate("k", &body).await.problem(401, "invalid_code");
    // However the two meet: the second may find the code gone before it has looked for the reply.
    for round in 0..10 {
        let user = account.invited(json!({ "username": format!("round {round}") })).await;
        let body = json!({ "code": user.activation_code(), "new_password": PASSWORD });
        let replies = in_parallel(3, |_| activate("k", &body)).await;
        assert_eq!(statuses(&replies), [("204".to_owned(), 3)].into());
    }
    // What it said does not hold any more.
    for end in ["disable", "send-activation", "password"] {
        let user = account.invited(json!({ "username": end })).await;
        let body = json!({ "code": user.activation_code(), "new_password": PASSWORD });
        activate("k", &body).await.empty(204);
        match end {
            "send-activation" => {
                let sent = account.act_on(&user, "send-activation").await.ok(200);
                let other = json!({ "code": sent["code"], "new_password": OTHER_PASSWORD });
                activate("other", &other).await.empty(204);
            }
            "password" => {
                let passwords = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
                user.login().await.session().post("/v1/me/password", passwords).await.empty(204);
            }
            action => account.act_on(&user, action).await.empty(204),
        }
        activate("k", &body).await.problem(401, "invalid_code");
    }
    // A refused password is not kept: the next one may be better.
    let bob = account.invited(json!({ "username": "bob" })).await;
    let short = json!({ "code": bob.activation_code(), "new_password": "x" });
    activate("k", &short).await.problem(422, "password_refused");
    activate("k", &json!({ "code": bob.activation_code(), "new_password": PASSWORD })).await.empty(204);
}

/// The database holds no digest of a password that could be guessed quickly.
#[tokio::test]
async fn the_digest_of_a_request_is_salted_by_its_token() {
    use sha2::{Digest, Sha256};

    let app = TestApp::start().await;
    let ann = app.account("acme").await.invited(json!({ "username": "ann" })).await;
    let body = json!({ "code": ann.activation_code(), "new_password": PASSWORD });
    let call = app.call("POST", "/v1/activations").header("idempotency-key", "k").json(&body);
    call.send().await.empty(204);
    let hex = app.config().store().url.starts_with("sqlite");
    let column = if hex { "lower(hex(request_digest))" } else { "encode(request_digest, 'hex')" };
    let stored = app.look_into_database(&format!("SELECT {column} FROM one_time_replies"));
    assert_eq!(stored.len(), 1);
    let plain = Sha256::digest(format!("POST /v1/activations\n{body}"));
    assert_ne!(stored[0], data_encoding::HEXLOWER.encode(&plain));
}
