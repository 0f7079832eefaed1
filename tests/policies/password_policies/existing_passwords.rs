//! Applies a stricter policy to existing passwords.

use serde_json::{Value, json};

use super::{Policies, codes};
use crate::support::{OTHER_PASSWORD, TestApp};

fn strict(apply_to_existing: &str) -> Value {
    json!({
        "strength": "custom", "apply_to_existing": apply_to_existing,
        "custom_strength": { "min_length": 20, "min_digits": 3, "min_specials": 1 },
    })
}

#[tokio::test]
async fn at_the_next_login_the_typed_password_is_checked_and_the_reasons_are_told() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let (ann, bob) = (policies.account.user("ann").await, policies.account.user("bob").await);
    bob.remember_password("789 borrowed kettles, all of tin");
    policies.account.act_on(&bob, "require-password-change").await.empty(204);
    let login = crate::support::User::try_password(&bob, crate::support::PASSWORD).await.challenge("password_change");
    login.new_password(&bob.password()).await.session();

    policies.set_default(strict("at_next_login")).await;
    bob.login().await.session();
    let login = ann.login().await.challenge("password_change");
    assert_eq!(codes(&login.body["password_change"]["reasons"]), ["needs_digit"]);
    // The step survives a reload and a restart of the login.
    let reloaded = login.state().await.challenge("password_change");
    assert_eq!(reloaded.body["password_change"], login.body["password_change"]);
    login.abandon().await.empty(204);
    let login = ann.login().await.challenge("password_change");
    let refused = login.new_password(OTHER_PASSWORD).await.problem(422, "password_refused");
    assert_eq!(codes(&refused["errors"]), ["needs_digit"]);
    login.new_password("456 wooden spoons, stirring").await.session();
    ann.remember_password("456 wooden spoons, stirring");
    ann.login().await.session();
}

#[tokio::test]
async fn the_step_comes_after_the_second_factor_and_survives_it() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    policies.account.set_mode("all_users").await;
    ann.sign_in().await;
    policies.set_default(strict("at_next_login")).await;
    app.wait_for_next_code();
    let login = ann.login().await.challenge("totp").code(&ann.phone().code()).await.challenge("password_change");
    assert_eq!(codes(&login.body["password_change"]["reasons"]), ["needs_digit"]);
    login.new_password("456 wooden spoons, stirring").await.session();
}

#[tokio::test]
async fn at_the_next_change_nobody_is_asked_until_then() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    policies.set_default(strict("at_next_change")).await;
    let session = ann.login().await.session();
    let change = json!({ "current_password": ann.password(), "new_password": OTHER_PASSWORD });
    let refused = session.post("/v1/me/password", change).await.problem(422, "password_refused");
    assert_eq!(codes(&refused["errors"]), ["needs_digit"]);
}

#[tokio::test]
async fn the_policy_of_the_moment_counts_at_each_step() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    policies.set_default(strict("at_next_login")).await;
    let login = ann.login().await.challenge("password_change");
    let reasons = || async { login.state().await.ok(200) };
    // Asking for more than that: what failed then fails now. Asking for less: nobody knows, so the password is asked again.
    let mut more = strict("at_next_login");
    more["custom_strength"]["min_digits"] = json!(4);
    policies.set_default(more).await;
    let state = reasons().await;
    assert_eq!(codes(&state["password_change"]["reasons"]), ["needs_digit"]);
    assert_eq!(state["password_change"]["reasons"][0]["message"], "Use at least 4 numbers.");
    let mut less = strict("at_next_login");
    less["custom_strength"]["min_digits"] = json!(1);
    policies.set_default(less).await;
    login.state().await.problem(401, "challenge_invalid");
    policies.set_default(strict("at_next_change")).await;
    assert_eq!(reasons().await["next"], "session");
    policies.set_default(strict("at_next_login")).await;
    assert_eq!(reasons().await["next"], "password_change");
    policies.set_default(strict("at_next_change")).await;
    login.call("POST", "/session").send().await.session();
}

#[tokio::test]
async fn a_policy_that_begins_to_ask_in_mid_login_is_heard() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let (ann, bob) = (policies.account.user("ann").await, policies.account.user("bob").await);
    policies.account.set_mode("all_users").await;
    ann.sign_in().await;
    // The rules are there; so far they are for new passwords only.
    policies.set_default(strict("at_next_change")).await;
    app.wait_for_next_code();
    let enrolled = ann.login().await.challenge("totp");
    let enrolling = bob.login().await.challenge("totp_enrollment");
    policies.set_default(strict("at_next_login")).await;
    let login = enrolled.code(&ann.phone().code()).await.challenge("password_change");
    assert_eq!(codes(&login.body["password_change"]["reasons"]), ["needs_digit"]);
    login.new_password("456 wooden spoons, stirring").await.session();
    enrolling.enroll().await.1.result.challenge("password_change");
}

#[tokio::test]
async fn what_was_wrong_with_a_password_is_not_kept_beyond_its_login() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let (ann, bob) = (policies.account.user("ann").await, policies.account.user("bob").await);
    policies.set_default(strict("at_next_login")).await;
    let kept =
        || app.look_into_database("SELECT password_failures FROM challenges WHERE password_failures IS NOT NULL");
    let login = ann.login().await.challenge("password_change");
    let (given_up, revoked) =
        (bob.login().await.challenge("password_change"), bob.login().await.challenge("password_change"));
    assert_eq!(kept(), ["needs_digit:3"; 3]);
    given_up.abandon().await.empty(204);
    policies.account.act_on(&bob, "revoke-sessions").await.empty(204);
    revoked.state().await.problem(401, "challenge_invalid");
    login.new_password("456 wooden spoons, stirring").await.session();
    assert_eq!(kept(), [""; 0]);
}
