//! `latchkey init`: the first platform administrator.

use std::process::Output;

use chrono::{DateTime, Utc};
use kernel::{Clock, SystemClock};

use crate::support::{Home, PASSWORD, User};

/// What a command that failed says to the operator.
#[track_caller]
fn complaint(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test]
async fn it_prints_a_code_for_scripts() {
    let home = Home::new();
    let made = home.init("root");
    let mut keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["account", "activation_code", "expires_at", "username"]);
    assert_eq!((&made["account"], &made["username"]), (&"platform".into(), &"root".into()));
    let expires_at: DateTime<Utc> = made["expires_at"].as_str().unwrap().parse().unwrap();
    assert!(expires_at > SystemClock.now());

    let process = home.serve();
    assert!(!process.output().contains("latchkey init"), "{}", process.output());
    let root = User::new(process.client(), "platform", "root");
    root.login().await.problem(401, "invalid_credentials");
    root.activate(made["activation_code"].as_str().unwrap()).await.empty(204);
    let session = root.sign_in().await;
    let all = [
        "account_settings",
        "password_management",
        "user_permissions",
        "api_keys",
        "audit_read",
        "platform_administration",
    ];
    assert_eq!(session.body["user"]["permissions"], serde_json::json!(all));
}

#[tokio::test]
async fn it_tells_people_what_to_do() {
    let home = Home::new();
    let output = home.run(&["init", "--username", "root"]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("/v1/activations") && text.contains("lk_act_"), "{text}");
    assert!(!String::from_utf8(output.stderr).unwrap().contains("lk_act_"), "the code stands on standard output only");
}

#[tokio::test]
async fn again_before_the_password_is_set_it_gives_a_new_code() {
    let home = Home::new();
    let (first, second) = (home.init("root"), home.init(" ROOT "));
    assert_eq!(second["username"], "root");
    let process = home.serve();
    let root = User::new(process.client(), "platform", "root");
    root.activate(first["activation_code"].as_str().unwrap()).await.problem(401, "invalid_code");
    root.activate(second["activation_code"].as_str().unwrap()).await.empty(204);

    // From then on it takes nobody's place.
    let complaint = complaint(&home.run(&["init", "--json", "--username", "root"]));
    assert!(complaint.contains("root already exists in the platform account"), "{complaint}");
    root.try_password(PASSWORD).await.challenge("totp_enrollment");
    // Another name is another administrator.
    let other = home.init("second");
    let second = User::new(process.client(), "platform", "second");
    second.activate(other["activation_code"].as_str().unwrap()).await.empty(204);
    second.sign_in().await.get("/v1/accounts").await.ok(200);
}

#[tokio::test]
async fn what_is_no_name_is_refused() {
    let home = Home::new();
    for (name, expected) in [("", "at least one character"), (" ", "at least one"), (&"x".repeat(129), "at most 128")] {
        let complaint = complaint(&home.run(&["init", "--json", "--username", name]));
        assert!(complaint.contains(expected), "{complaint}");
    }
    assert!(complaint(&home.run(&["init", "--json"])).contains("--username"));
}
