//! `POST /v1/activations`: a code that works once sets a password that nobody else knows.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Account, OTHER_PASSWORD, Reply, TestApp, User, in_parallel, statuses};

async fn invited(app: &TestApp) -> (Account, User) {
    let account = app.account("acme").await;
    let new = json!({ "username": "Ann Withering", "email": "marigold@example.org", "display_name": "Marigold Tea" });
    let ann = account.invited(new).await;
    (account, ann)
}

async fn activate(app: &TestApp, code: &str, new_password: &str) -> Reply {
    let body = json!({ "code": code, "new_password": new_password });
    app.call("POST", "/v1/activations").json(&body).send().await
}

#[tokio::test]
async fn the_code_sets_the_password_once() {
    let app = TestApp::start().await;
    let (account, ann) = invited(&app).await;
    assert!(ann.activation_code().starts_with("lk_act_"));
    assert_eq!(account.look_at(&ann).await["password"]["status"], "not_set");
    ann.login().await.problem(401, "invalid_credentials");
    activate(&app, ann.activation_code(), &ann.password()).await.empty(204);
    assert_eq!(account.look_at(&ann).await["password"]["status"], "valid");
    ann.login().await.session();
    activate(&app, ann.activation_code(), OTHER_PASSWORD).await.problem(401, "invalid_code");
    ann.login().await.session();
}

#[tokio::test]
async fn twenty_parallel_uses_are_one() {
    let app = TestApp::start().await;
    let (_, ann) = invited(&app).await;
    let password = |number: usize| format!("seven slow Otters, {number} boats");
    let replies =
        in_parallel(20, async |number| (number, activate(&app, ann.activation_code(), &password(number)).await)).await;
    let won: Vec<_> = replies.iter().filter(|(_, reply)| reply.status == 204).map(|(number, _)| *number).collect();
    let replies: Vec<_> = replies.into_iter().map(|(_, reply)| reply).collect();
    let counts = statuses(&replies);
    assert_eq!((won.len(), counts["401 invalid_code"]), (1, 19), "{counts:?}");
    ann.try_password(&password(won[0])).await.session();
}

#[tokio::test]
async fn a_code_works_for_a_week() {
    let app = TestApp::start().await;
    let (account, ann) = invited(&app).await;
    let bob = account.invited(json!({ "username": "bob" })).await;
    app.wait(TimeDelta::days(7) - TimeDelta::milliseconds(1));
    activate(&app, ann.activation_code(), &ann.password()).await.empty(204);
    app.wait(TimeDelta::milliseconds(1));
    activate(&app, bob.activation_code(), &bob.password()).await.problem(401, "invalid_code");
    let issued = account.act_on(&bob, "send-activation").await.ok(200);
    activate(&app, issued["code"].as_str().unwrap(), &bob.password()).await.empty(204);
    bob.login().await.session();
}

#[tokio::test]
async fn a_code_works_as_long_as_the_operator_says() {
    let app = TestApp::with(|config| config.activation.lifetime_seconds = 60).await;
    let account = app.account("acme").await;
    let ann = account.invited(json!({ "username": "ann" })).await;
    app.wait(TimeDelta::seconds(60));
    activate(&app, ann.activation_code(), &ann.password()).await.problem(401, "invalid_code");
}

#[tokio::test]
async fn a_newer_code_makes_the_older_one_void() {
    let app = TestApp::start().await;
    let (account, ann) = invited(&app).await;
    let issued = account.act_on(&ann, "send-activation").await.ok(200);
    activate(&app, ann.activation_code(), OTHER_PASSWORD).await.problem(401, "invalid_code");
    activate(&app, issued["code"].as_str().unwrap(), &ann.password()).await.empty(204);
}

#[tokio::test]
async fn the_code_cannot_become_the_password() {
    let app = TestApp::start().await;
    let (_, ann) = invited(&app).await;
    let code = ann.activation_code();
    let bare = code.strip_prefix("lk_act_").unwrap();
    for password in [code.to_owned(), bare.to_owned(), code.to_uppercase(), format!("{code}!")] {
        let problem = activate(&app, code, &password).await.problem(422, "password_refused");
        assert_eq!(problem.errors(), [("/new_password", "contains_context_word")], "{password}");
    }
    activate(&app, code, &ann.password()).await.empty(204);
}

#[tokio::test]
async fn a_weak_password_is_refused_with_every_reason_and_the_code_still_works() {
    let app = TestApp::start().await;
    let (_, ann) = invited(&app).await;
    for (password, reasons) in [
        ("", &["too_short"][..]),
        ("x", &["too_short"]),
        ("123456", &["too_short", "common"]),
        ("12345678", &["common"]),
        ("PassWord", &["common"]),
        ("p@ssw0rd", &["common"]),
        ("withering", &["contains_context_word"]),
        ("Ann Withering", &["contains_context_word"]),
        ("w1th3r1ng!", &["contains_context_word"]),
        ("marigold", &["contains_context_word"]),
        ("acme", &["too_short", "contains_context_word"]),
        (&"z".repeat(257), &["too_long"]),
    ] {
        let problem = activate(&app, ann.activation_code(), password).await.problem(422, "password_refused");
        let codes: Vec<_> = problem.errors().iter().map(|(_, code)| *code).collect();
        // A word may be both common and about the user.
        let told = reasons.iter().all(|reason| codes.contains(reason));
        assert!(told, "{password:.20}: {codes:?}");
        assert!(!problem.to_string().contains(password) || password.len() < 2, "{problem:?}");
    }
    activate(&app, ann.activation_code(), &ann.password()).await.empty(204);
    ann.login().await.session();
}

#[tokio::test]
async fn what_is_no_code_is_refused_the_same_way() {
    let app = TestApp::start().await;
    let (account, ann) = invited(&app).await;
    let session = app.platform_admin().await.session().await;
    let disabled = account.invited(json!({ "username": "gone" })).await;
    account.act_on(&disabled, "disable").await.empty(204);
    let code = ann.activation_code();
    let mut seen: Vec<Value> = Vec::new();
    for text in [
        "",
        "x",
        "lk_act_",
        &format!("lk_act_{}", "A".repeat(43)),
        &code[..code.len() - 1],
        &format!("{code}A"),
        &code.to_uppercase(),
        &code.replace("lk_act_", "lk_rt_"),
        &session.refresh_token,
        &session.access_token,
        disabled.activation_code(),
        &"x".repeat(60_000),
    ] {
        let reply = activate(&app, text, OTHER_PASSWORD).await;
        assert_eq!(reply.status, 401, "{text:.30}: {reply:?}");
        seen.push(reply.problem(401, "invalid_code").without_instance());
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "no reply tells why");
    ann.activate(code).await.empty(204);
}

#[tokio::test]
async fn a_used_code_says_nothing_about_the_password() {
    let app = TestApp::start().await;
    let (_, ann) = invited(&app).await;
    ann.activate(ann.activation_code()).await.empty(204);
    activate(&app, ann.activation_code(), "x").await.problem(401, "invalid_code");
}

#[tokio::test]
async fn a_new_password_keeps_the_second_factor() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    account.set_mode("all_users").await;
    ann.sign_in().await;
    let issued = account.act_on(&ann, "send-activation").await.ok(200);
    activate(&app, issued["code"].as_str().unwrap(), OTHER_PASSWORD).await.empty(204);
    ann.login().await.problem(401, "invalid_credentials");
    app.wait_for_next_code();
    ann.try_password(OTHER_PASSWORD).await.challenge("totp").code(&ann.phone().code()).await.session();
}

#[tokio::test]
async fn a_code_waits_for_a_disabled_user_to_be_enabled() {
    let app = TestApp::start().await;
    let (account, ann) = invited(&app).await;
    account.act_on(&ann, "disable").await.empty(204);
    ann.activate(ann.activation_code()).await.problem(401, "invalid_code");
    account.act_on(&ann, "enable").await.empty(204);
    ann.activate(ann.activation_code()).await.empty(204);
    ann.login().await.session();
}

/// A refusal tells whether a password was used before: whoever has a code, but not the password, must not try many.
#[tokio::test]
async fn refused_passwords_are_counted_like_guesses() {
    let app = TestApp::with(|config| config.throttle.password_of_user.free = Some(3)).await;
    let ann = app.account("acme").await.invited(serde_json::json!({ "username": "ann" })).await;
    for _ in 0..3 {
        ann.remember_password("short");
        ann.activate(ann.activation_code()).await.problem(422, "password_refused");
    }
    ann.remember_password(crate::support::PASSWORD);
    assert_eq!(ann.activate(ann.activation_code()).await.problem(429, "too_many_requests").retry_after(), 1);
    app.wait(TimeDelta::seconds(1));
    ann.activate(ann.activation_code()).await.empty(204);
    ann.login().await.session();
}
