//! Invalid policies and passwords.

use serde_json::{Value, json};

use super::Policies;
use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn numbers_and_words_that_make_no_sense_are_refused_by_field() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let custom = |numbers: Value| json!({ "strength": "custom", "custom_strength": numbers });
    for (fields, pointer, code) in [
        (json!({ "expires_after_days": 0 }), "/expires_after_days", "out_of_range"),
        (json!({ "expires_after_days": -1 }), "/expires_after_days", "out_of_range"),
        (json!({ "expires_after_days": 3651 }), "/expires_after_days", "out_of_range"),
        (json!({ "expires_after_days": i64::MAX }), "/expires_after_days", "out_of_range"),
        (json!({ "expires_after_days": i64::MIN }), "/expires_after_days", "out_of_range"),
        (json!({ "expires_after_days": u64::MAX }), "/expires_after_days", "invalid_value"),
        (json!({ "expires_after_days": 1.5 }), "/expires_after_days", "wrong_type"),
        (json!({ "expires_after_days": "90" }), "/expires_after_days", "wrong_type"),
        (json!({ "remember_last": -1 }), "/remember_last", "out_of_range"),
        (json!({ "remember_last": 25 }), "/remember_last", "out_of_range"),
        (json!({ "remember_last": null }), "/remember_last", "wrong_type"),
        (json!({ "spread_expiry_over_days": 366 }), "/spread_expiry_over_days", "out_of_range"),
        (json!({ "strength": "strong" }), "/strength", "unknown_value"),
        (json!({ "strength": "custom" }), "/custom_strength", "required"),
        (json!({ "custom_strength": { "min_length": 12 } }), "/custom_strength", "not_applicable"),
        (custom(json!({ "min_length": 7 })), "/custom_strength/min_length", "out_of_range"),
        (custom(json!({ "min_length": 65 })), "/custom_strength/min_length", "out_of_range"),
        (custom(json!({ "min_length": 300 })), "/custom_strength/min_length", "out_of_range"),
        (custom(json!({ "min_length": 12, "min_digits": -1 })), "/custom_strength/min_digits", "out_of_range"),
        (
            custom(json!({ "min_length": 8, "min_digits": 5, "min_specials": 4 })),
            "/custom_strength/min_length",
            "contradiction",
        ),
        (custom(json!({})), "/custom_strength/min_length", "required"),
        (json!({ "name": " \t " }), "/name", "required"),
        (json!({ "name": "x".repeat(101) }), "/name", "too_long"),
        (json!({ "name": "a\u{0}b" }), "/name", "malformed"),
        (json!({ "name": null }), "/name", "wrong_type"),
        (json!({ "apply_to_existing": "now" }), "/apply_to_existing", "unknown_value"),
        (json!({ "existing_passwords": "none" }), "/existing_passwords", "unknown_value"),
        (json!({ "forbidden_words": ["Rocket", "abc"] }), "/forbidden_words/1", "malformed"),
        (json!({ "forbidden_words": ["!!!!!!"] }), "/forbidden_words/0", "malformed"),
        (json!({ "forbidden_words": ["Rocket", "a & b & c"] }), "/forbidden_words/1", "malformed"),
        (json!({ "forbidden_words": ["a\nbcdef"] }), "/forbidden_words/0", "malformed"),
        (json!({ "forbidden_words": vec!["word"; 201] }), "/forbidden_words", "too_many"),
    ] {
        let mut draft = json!({ "name": "New", "strength": "basic" });
        draft.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let refused = policies.root.post(&policies.path(""), draft).await.problem(422, "validation_failed");
        assert_eq!(refused.errors(), [(pointer, code)], "{fields}");
    }
    let unknown = json!({ "name": "New", "strength": "basic", "expires_days": 90 });
    policies.root.post(&policies.path(""), unknown).await.problem(400, "malformed_request");
    assert_eq!(policies.all().await.len(), 1, "nothing of it was saved");
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let draft = json!({ "name": "", "strength": "modern", "expires_after_days": 0, "remember_last": 99 });
    let refused = policies.root.post(&policies.path(""), draft).await.problem(422, "validation_failed");
    let pointers: Vec<_> = refused.errors().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(pointers, ["/name", "/expires_after_days", "/remember_last"]);
}

#[tokio::test]
async fn a_password_of_ten_megabytes_is_refused_at_once_everywhere() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let default = policies.default().await["id"].as_str().unwrap().to_owned();
    let ann = policies.account.user("ann").await;
    let session = ann.session().await;
    policies.account.act_on(&ann, "require-password-change").await.empty(204);
    let login = ann.login().await.challenge("password_change");
    let huge = "x".repeat(10_000_000);
    let check = policies.path(&format!("/{default}/check"));
    for call in [
        policies.root.session().await.call("POST", &check).json(&json!({ "password": huge })),
        session.call("POST", "/v1/me/password/check").json(&json!({ "password": huge })),
        session.call("POST", "/v1/me/password").json(&json!({ "current_password": PASSWORD, "new_password": huge })),
        login.call("POST", "/password").json(&json!({ "new_password": huge })),
        login.call("POST", "/password/check").json(&json!({ "password": huge })),
    ] {
        call.send().await.problem(413, "payload_too_large");
    }
}

#[tokio::test]
async fn nul_and_line_ends_are_characters_and_half_of_one_is_no_json() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let ann = policies.account.user("ann").await;
    for password in ["nul \u{0} in the middle", "two\nlines\r\nof words", "\u{202e}turned around words"] {
        let change = json!({ "current_password": ann.password(), "new_password": password });
        ann.session().await.post("/v1/me/password", change).await.empty(204);
        ann.remember_password(password);
        ann.login().await.session();
        ann.try_password(&password.replace(['\0', '\n', '\u{202e}'], "")).await.problem(401, "invalid_credentials");
    }
    for body in [r#"{"password":"lone \ud800 surrogate"}"#, r#"{"password":"lone \udc00 surrogate"}"#] {
        let call = ann.session().await.call("POST", "/v1/me/password/check").bytes(body);
        call.send().await.problem(400, "malformed_request");
    }
    let raw = b"{\"password\":\"\xed\xa0\x80\"}".to_vec();
    ann.session().await.call("POST", "/v1/me/password/check").bytes(raw).send().await.problem(400, "malformed_request");
}
