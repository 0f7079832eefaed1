//! Checks the policies against two standards.

use serde_json::{Value, json};

use super::Policies;
use crate::support::TestApp;

/// The requirements that a policy breaks.
fn broken(policy: &Value) -> Vec<String> {
    let findings = policy["conformance"].as_array().unwrap();
    for finding in findings {
        assert!(["met", "broken", "differs"].contains(&finding["verdict"].as_str().unwrap()), "{finding}");
        assert!(finding["sentence"].as_str().unwrap().ends_with('.'), "{finding}");
    }
    let of = |finding: &Value| {
        let standard = finding["standard"].as_str().unwrap().split(' ').next().unwrap().to_owned();
        format!("{standard} {}", finding["section"].as_str().unwrap())
    };
    findings.iter().filter(|finding| finding["verdict"] == "broken").map(of).collect()
}

#[tokio::test]
async fn each_policy_says_what_it_breaks_by_section() {
    let app = TestApp::start().await;
    let policies = Policies::of(&app, "acme").await;
    let modern = policies.create(json!({ "name": "Modern", "strength": "modern" })).await;
    let old = policies.create(json!({ "name": "Old", "strength": "advanced", "expires_after_days": 90 })).await;
    let read_policy = |id: &str| policies.path(&format!("/{id}"));
    let of = |policy: Value| broken(&policy);
    let modern_says = of(policies.root.get(&read_policy(&modern)).await.ok(200));
    assert_eq!(modern_says, ["OWASP 6.2.12"]);
    let old_says = of(policies.root.get(&read_policy(&old)).await.ok(200));
    assert_eq!(
        old_says,
        ["NIST 3.1.1.2", "NIST 3.1.1.2", "NIST 3.1.1.2", "OWASP 6.2.5", "OWASP 6.2.10", "OWASP 6.2.12"]
    );
    // Eight characters do where a second factor follows for everybody.
    let basic = policies.default().await;
    assert_eq!(broken(&basic), ["NIST 3.1.1.2", "OWASP 6.2.12"]);
    policies.account.set_mode("all_users").await;
    assert_eq!(broken(&policies.default().await), ["OWASP 6.2.12"]);
}
