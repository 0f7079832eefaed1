//! Live feedback while a user types a password.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Policies, codes};
use crate::support::TestApp;

impl Policies {
    async fn check(&self, id: &str, body: Value) -> Value {
        self.root.post(&self.path(&format!("/{id}/check")), body).await.ok(200)
    }
}

#[tokio::test]
async fn a_candidate_is_checked_against_a_policy() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let staff = json!({ "name": "Staff", "strength": "advanced", "forbidden_words": ["Tunnel"] });
    let staff = policies.create(staff).await;
    let checked = policies.check(&staff, json!({ "password": "xtunnel" })).await;
    assert_eq!(checked["acceptable"], false);
    assert_eq!(
        codes(&checked["failures"]),
        ["too_short", "needs_uppercase", "needs_digit", "needs_special", "contains_context_word"]
    );
    let checked = policies.check(&staff, json!({ "password": "password" })).await;
    assert_eq!((checked["score"].clone(), checked["warning"].is_string()), (json!(0), true));
    assert!(!checked["suggestions"].as_array().unwrap().is_empty());
    let checked = policies.check(&staff, json!({ "password": "Nine Herons + 1 borrowed kettle" })).await;
    assert_eq!(checked, json!({ "acceptable": true, "failures": [], "score": 4, "warning": null, "suggestions": [] }));
    let for_ann = json!({ "password": "Zaphodias-7", "username": "zaphodias" });
    assert_eq!(codes(&policies.check(&staff, for_ann).await["failures"]), ["contains_context_word"]);
    for (password, code) in [(String::new(), "too_short"), ("x".repeat(257), "too_long")] {
        assert_eq!(codes(&policies.check(&staff, json!({ "password": password })).await["failures"]), [code]);
    }
}

#[tokio::test]
async fn the_same_for_oneself() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "strength": "modern" })).await;
    let ann = policies.account.user("zaphodias").await;
    let check = |password: &'static str| ann.post("/v1/me/password/check", json!({ "password": password }));
    let checked = check("zaphodias").await.ok(200);
    assert_eq!(codes(&checked["failures"]), ["too_short", "contains_context_word"]);
    assert_eq!(check("nine herons + a kettle").await.ok(200)["acceptable"], true);
    app.call("POST", "/v1/me/password/check")
        .json(&json!({ "password": "x" }))
        .send()
        .await
        .problem(401, "invalid_token");
}

#[tokio::test]
async fn the_same_inside_a_login_that_asks_for_a_new_password() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    policies.account.act_on(&ann, "require-password-change").await.empty(204);
    policies.account.set_mode("all_users").await;
    let login = ann.login().await.challenge("totp_enrollment");
    let check =
        |password: &'static str| login.call("POST", "/password/check").json(&json!({ "password": password })).send();
    // Not before the second factor.
    check("xkq").await.problem(409, "wrong_step");
    login.enroll().await.1.result.challenge("password_change");
    let checked = check("xkq").await.ok(200);
    assert_eq!(codes(&checked["failures"]), ["too_short"]);
    assert_eq!(check("xkqvzjwm").await.ok(200)["acceptable"], true);
    login.new_password("xkqvzjwm").await.session();
    check("xkqvzjwm").await.problem(401, "challenge_invalid");
}

#[tokio::test]
async fn checks_are_limited_with_a_counter_of_their_own() {
    let app = TestApp::with(|config| config.throttle.password_checks.free = Some(5)).await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    let session = ann.session().await;
    let check = || session.post("/v1/me/password/check", json!({ "password": "xkq" }));
    for _ in 0..5 {
        check().await.ok(200);
    }
    let problem = check().await.problem(429, "too_many_requests");
    assert!(problem.retry_after() >= 1);
    // Neither the sign-in nor anybody else suffers from it.
    ann.login().await.session();
    let bob = policies.account.user("bob").await;
    bob.post("/v1/me/password/check", json!({ "password": "xkq" })).await.ok(200);
    app.wait(TimeDelta::minutes(1));
    check().await.ok(200);
}
