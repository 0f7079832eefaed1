//! What each strength requires of a new password.

use serde_json::{Value, json};

use super::{Policies, codes};
use crate::support::{OTHER_PASSWORD, TestApp};

/// A password, and the rules that it breaks.
type Row = (&'static str, Vec<&'static str>);

/// Under each strength: passwords, and the rules that each of them breaks.
fn table() -> Vec<(Value, Vec<Row>)> {
    let custom = json!({
        "min_length": 12, "min_uppercase": 2, "min_lowercase": 2, "min_digits": 2, "min_specials": 2,
    });
    vec![
        (
            json!({ "strength": "basic" }),
            vec![("xkqvzjw", vec!["too_short"]), ("日月本木水火土金", vec![]), ("xkqvzjwm", vec![])],
        ),
        (
            json!({ "strength": "medium" }),
            vec![
                ("xkqvzjwm", vec!["needs_uppercase", "needs_digit"]),
                ("Xkqvzjwm", vec!["needs_digit"]),
                ("xkqvzjw7", vec!["needs_uppercase"]),
                ("Xkqvzj7", vec!["too_short"]),
                ("Xkqvzjw7", vec![]),
                ("xkqvzÉw7", vec![]),
                ("Xkqvzjw٣", vec![]),
            ],
        ),
        (
            json!({ "strength": "advanced" }),
            vec![
                ("xkq", vec!["too_short", "needs_uppercase", "needs_digit", "needs_special"]),
                ("Xkqvzjw7", vec!["needs_special"]),
                ("Xkq zjw7", vec![]),
                ("Xkq€zjw7", vec![]),
                ("Ékq\nzjw٣", vec![]),
                ("Ékq\0zjw٣", vec![]),
            ],
        ),
        (json!({ "strength": "modern" }), vec![("xkqvzjwmplrtyg", vec!["too_short"]), ("xkqvzjwmplrtygb", vec![])]),
        (
            json!({ "strength": "custom", "custom_strength": custom }),
            vec![
                ("Xk7!", vec!["too_short", "needs_uppercase", "needs_lowercase", "needs_digit", "needs_special"]),
                ("XKQVZJWMPL77!!", vec!["needs_lowercase"]),
                ("XKqvzjwm77!?", vec![]),
            ],
        ),
    ]
}

#[tokio::test]
async fn each_strength_asks_what_its_name_promises() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    for (number, (policy, passwords)) in table().into_iter().enumerate() {
        policies.set_default(policy.clone()).await;
        let user = policies.account.invited(json!({ "username": format!("user-{number}") })).await;
        let mut code = user.activation_code().to_owned();
        for (password, expected) in passwords {
            user.remember_password(password);
            let reply = user.activate(&code).await;
            if expected.is_empty() {
                reply.empty(204);
                user.login().await.session();
                // Another code for the next of them.
                let again = policies.account.act_on(&user, "send-activation").await.ok(200);
                again["code"].as_str().unwrap().clone_into(&mut code);
            } else {
                let refused = reply.problem(422, "password_refused");
                assert_eq!(codes(&refused["errors"]), expected, "{password} under {policy}");
                assert!(refused.errors().iter().all(|(pointer, _)| *pointer == "/new_password"));
            }
        }
    }
}

#[tokio::test]
async fn modern_asks_less_where_a_second_factor_follows() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    policies.set_default(json!({ "strength": "modern" })).await;
    let (ann, bob) = (policies.account.user("ann").await, policies.account.user("bob").await);
    policies.account.ask_only(&[&ann]).await;
    for user in [&ann, &bob] {
        policies.account.act_on(user, "require-password-change").await.empty(204);
    }
    let confirmed = ann.login().await.challenge("totp_enrollment").enroll().await.1;
    confirmed.result.challenge("password_change").new_password("xkqvzjwm").await.session();
    let login = bob.login().await.challenge("password_change");
    let refused = login.new_password("xkqvzjwm").await.problem(422, "password_refused");
    assert_eq!(codes(&refused["errors"]), ["too_short"]);
    assert_eq!(refused["errors"][0]["message"], "Use at least 15 characters.");
    login.new_password(OTHER_PASSWORD).await.session();
}

#[tokio::test]
async fn common_passwords_and_words_about_the_user_are_refused_under_every_strength() {
    let app = TestApp::with(|config| config.login.product_name = "Anvilog".to_owned()).await;
    let policies =
        Policies { account: app.account_named("acme", "Roadrunner Ltd").await, root: app.platform_admin().await };
    let invitation = json!({ "username": "wilhelmina", "email": "coyote.super@example.org", "display_name": "Genius" });
    let user = policies.account.invited(invitation).await;
    let custom = json!({ "min_length": 8 });
    for strength in ["basic", "medium", "advanced", "modern", "custom"] {
        let mut policy = json!({ "strength": strength, "forbidden_words": ["Tunnel"] });
        if strength == "custom" {
            policy["custom_strength"] = custom.clone();
        }
        policies.set_default(policy).await;
        // What was refused is counted; after a while it is forgotten.
        app.wait(chrono::TimeDelta::hours(1));
        for (password, code) in [
            ("password", "common"),
            ("P@ssw0rd123", "common"),
            ("Wilhelmina!1", "contains_context_word"),
            ("Coyote-1!", "contains_context_word"),
            ("genius_42", "contains_context_word"),
            ("Roadrunner#7", "contains_context_word"),
            ("anvilog-99", "contains_context_word"),
            ("7 long Tunnel phrases under the hill", "contains_context_word"),
        ] {
            user.remember_password(password);
            let refused = user.activate(user.activation_code()).await.problem(422, "password_refused");
            assert!(codes(&refused["errors"]).contains(&code), "{password} under {strength}: {refused:?}");
        }
    }
    // The code itself cannot become the password.
    user.remember_password(user.activation_code());
    let refused = user.activate(user.activation_code()).await.problem(422, "password_refused");
    assert_eq!(codes(&refused["errors"]), ["contains_context_word"]);
}
