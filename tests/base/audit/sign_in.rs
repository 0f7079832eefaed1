//! Records every attempt to sign in.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{actions, events, events_of};
use crate::support::{OTHER_PASSWORD, TestApp};

#[tokio::test]
async fn a_sign_in_with_the_password_alone_is_one_event() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let mut id = String::new();
    let left = events_of(&app, &account, async {
        let session = ann.sign_in().await;
        id = session.body["session"]["id"].as_str().unwrap().to_owned();
        session.logout().await.empty(204);
    })
    .await;
    assert_eq!(actions(&left), ["session.started", "session.ended"]);
    for event in &left {
        assert_eq!(event["actor"]["id"], ann.id());
        assert_eq!(event["target"]["id"], ann.id());
        assert_eq!(event["details"]["session_id"], id);
        assert_eq!(event["source"]["address"], "127.0.0.1");
    }
    assert_eq!(left[0]["details"]["amr"], json!(["pwd"]));
}

#[tokio::test]
async fn every_step_of_a_login_is_told() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    let ann = account.user("ann").await;
    let left = events_of(&app, &account, async {
        let login = ann.login().await.challenge("totp_enrollment");
        let phone = login.phone().await;
        login.confirm(&phone.wrong_code()).await.problem(401, "invalid_code");
        let confirmed = login.confirm(&phone.code()).await.confirmed();
        app.wait_for_next_code();
        let login = ann.login().await.challenge("totp");
        login.code(&phone.wrong_code()).await.problem(401, "invalid_code");
        login.code(&phone.code()).await.session();
        let login = ann.login().await.challenge("totp");
        login.recovery_code("aaaaa-aaaaa-aaaaa").await;
        login.recovery_code(&confirmed.recovery_codes[0]).await.session();
        ann.login().await.challenge("totp").abandon().await.empty(204);
    })
    .await;
    let expected = [
        "login.password_accepted",
        "login.code_rejected",
        "two_factor.enrolled",
        "session.started",
        "login.password_accepted",
        "login.code_rejected",
        "session.started",
        "login.password_accepted",
        "two_factor.recovery_code_used",
        "session.started",
        "login.password_accepted",
        "login.abandoned",
    ];
    let told: Vec<_> = actions(&left);
    let told: Vec<_> = told
        .iter()
        .enumerate()
        .filter(|(at, _)| left[*at]["details"]["kind"] != "recovery_code")
        .map(|(_, action)| *action)
        .collect();
    assert_eq!(told, expected);
    assert_eq!(left[1]["outcome"], "failure");
    assert_eq!(left[1]["details"], json!({ "kind": "enrollment", "attempts_left": 4, "failures": 1 }));
    assert_eq!(left[5]["details"], json!({ "kind": "totp", "attempts_left": 4, "failures": 1 }));
    assert!(left.iter().all(|event| event["target"]["name"] == "ann" && event["actor"]["name"] == "ann"), "{left:?}");
}

#[tokio::test]
async fn a_password_that_has_to_be_changed_at_the_login_is_told_between_its_steps() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    account.set_mode("all_users").await;
    let ann = account.user("ann").await;
    ann.sign_in().await;
    account.act_on(&ann, "require-password-change").await.empty(204);
    app.wait_for_next_code();
    let left = events_of(&app, &account, async {
        let login = ann.login().await.challenge("totp");
        let login = login.code(&ann.phone().code()).await.challenge("password_change");
        login.new_password(OTHER_PASSWORD).await.session();
    });
    let expected = ["login.password_accepted", "login.code_accepted", "password.changed", "session.started"];
    assert_eq!(actions(&left.await), expected);
}

#[tokio::test]
async fn a_failure_tells_its_reason_and_never_what_was_typed() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let bob = account.user("bob").await;
    let carol = account.invited(json!({ "username": "carol" })).await;
    account.act_on(&bob, "disable").await.empty(204);
    let typed = "A-password-in-the-wrong-field";
    let left = events_of(&app, &account, async {
        for user in [&ann, &bob, &carol] {
            user.try_password(typed).await.problem(401, "invalid_credentials");
        }
        let nobody = json!({ "account": "acme", "username": typed, "password": "x" });
        app.call("POST", "/v1/login").json(&nobody).send().await.problem(401, "invalid_credentials");
    })
    .await;
    assert_eq!(actions(&left), ["login.failed"; 4]);
    let reasons: Vec<_> = left.iter().map(|event| event["details"]["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["wrong_password", "user_disabled", "no_password", "unknown_user"]);
    assert!(
        left.iter().all(|event| event["actor"]["kind"] == "anonymous" && event["outcome"] == "failure"),
        "{left:?}"
    );
    let targets: Vec<_> = left.iter().map(|event| event["target"]["name"].clone()).collect();
    assert_eq!(targets, [json!("ann"), json!("bob"), json!("carol"), Value::Null]);
    assert!(!json!(left).to_string().contains(typed), "{left:?}");
}

#[tokio::test]
async fn names_of_nobody_are_counted_and_fill_no_disk() {
    let app = TestApp::with(|config| config.throttle.password_from_source.free = Some(1_000)).await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let left = events_of(&app, &account, async {
        for number in 0..40 {
            for account in ["acme", "no such account"] {
                let body = json!({ "account": account, "username": format!("nobody {number}"), "password": "x" });
                app.call("POST", "/v1/login").json(&body).send().await.problem(401, "invalid_credentials");
            }
        }
    })
    .await;
    let counts = |events: &[Value]| -> Vec<_> {
        events.iter().map(|event| event["details"]["failures"].as_u64().unwrap()).collect()
    };
    assert_eq!(counts(&left), [1, 2, 4, 8, 16, 32]);
    // Who knows no account may concern all of them: it is for the platform.
    let platform = events(&app, &account).await[0]["actor"]["account_id"].clone();
    let path = format!("/v1/accounts/{}/audit-events?action=login.failed", platform.as_str().unwrap());
    let mut unknown = root.get(&path).await.ok(200)["items"].as_array().unwrap().clone();
    unknown.reverse();
    assert_eq!(counts(&unknown), [1, 2, 4, 8, 16, 32]);
    assert!(unknown.iter().all(|event| event["details"]["reason"] == "unknown_account"), "{unknown:?}");
    // After a quiet hour it begins anew.
    app.wait(TimeDelta::hours(2));
    let body = json!({ "account": "acme", "username": "nobody", "password": "x" });
    let left = events_of(&app, &account, app.call("POST", "/v1/login").json(&body).send()).await;
    assert_eq!(counts(&left), [1]);
}

#[tokio::test]
async fn the_first_guess_that_makes_the_next_one_wait_is_told_and_those_turned_away_are_not() {
    let app = TestApp::with(|config| config.throttle.password_of_user.free = Some(3)).await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let left = events_of(&app, &account, async {
        for _ in 0..3 {
            ann.try_password("wrong").await.problem(401, "invalid_credentials");
        }
        for _ in 0..50 {
            ann.try_password("wrong").await.problem(429, "too_many_requests");
        }
        app.wait(TimeDelta::seconds(2));
        ann.try_password("wrong").await.problem(401, "invalid_credentials");
    })
    .await;
    let expected = ["login.failed", "login.failed", "login.failed", "login.throttled", "login.failed"];
    assert_eq!(actions(&left), expected);
    assert_eq!(left[3]["target"]["name"], "ann");
    assert_eq!(left[3]["details"]["failures"], 3);
    assert_eq!(left[3]["details"]["wait_seconds"], 1);
    assert_eq!(left[4]["details"]["failures"], 4);
}

#[tokio::test]
async fn proofs_of_who_is_signed_in_and_stolen_refresh_tokens_are_told() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.sign_in().await;
    let left = events_of(&app, &account, async {
        session.reauthenticate(json!({ "password": "wrong" })).await.problem(401, "invalid_credentials");
        session.reauthenticate(json!({ "password": ann.password() })).await.ok(200);
        session.refresh().await.ok(200);
        session.refresh().await.ok(200);
        app.wait(TimeDelta::seconds(11));
        session.refresh().await.problem(401, "invalid_token");
    })
    .await;
    let expected = ["session.reauthentication_failed", "session.reauthenticated", "session.refresh_reused"];
    assert_eq!(actions(&left), expected);
    assert_eq!(left[0]["details"]["reason"], "wrong_password");
    assert_eq!(left[2]["actor"]["kind"], "anonymous");
    assert_eq!(left[2]["target"]["name"], "ann");
    assert_eq!((&left[0]["outcome"], &left[2]["outcome"]), (&json!("failure"), &json!("failure")));
}
