//! Secret keys that go into password hashes.

use std::{fs, os::unix::fs::PermissionsExt};

use api::config::Config;
use serde_json::json;

use crate::support::{Home, OTHER_PASSWORD, TestApp};

const FIRST: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const SECOND: &str = "k2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";

/// Base64 of `k1` and `k2`, as PHC strings have it.
const IN_HASH: [&str; 2] = ["keyid=azE", "keyid=azI"];

fn with(peppers: Option<String>) -> impl FnOnce(&mut Config) {
    move |config| config.password_hashing.peppers = peppers.map(Into::into)
}

#[tokio::test]
async fn peppers_come_and_go_and_each_sign_in_takes_the_present_one() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let (ann, late) = (account.user("ann").await, account.user("late").await);
    let hash_of_ann = |app: &TestApp| {
        let hash = app.look_into_database("SELECT password_hash FROM users WHERE username = 'ann'");
        hash.into_iter().next().unwrap()
    };
    assert!(!hash_of_ann(&app).contains("keyid"));

    app.restart_with(with(Some(FIRST.to_owned()))).await;
    for user in [&ann, &late] {
        user.login().await.session();
    }
    assert!(hash_of_ann(&app).contains(IN_HASH[0]), "{}", hash_of_ann(&app));
    ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    ann.login().await.session();

    // The next one: the old one verifies still, and is replaced at the next sign-in.
    app.restart_with(with(Some(format!("{SECOND},{FIRST}")))).await;
    ann.login().await.session();
    assert!(hash_of_ann(&app).contains(IN_HASH[1]), "{}", hash_of_ann(&app));

    // Without the old one: whoever came in time does not notice.
    app.restart_with(with(Some(SECOND.to_owned()))).await;
    ann.login().await.session();
    late.login().await.problem(401, "invalid_credentials");
    // Nothing is lost for good: the key came back.
    app.restart_with(with(Some(format!("{SECOND},{FIRST}")))).await;
    late.login().await.session();

    // A database alone cannot be tried.
    app.restart_with(with(None)).await;
    ann.login().await.problem(401, "invalid_credentials");
    // Away with peppers, in good order.
    app.restart_with(with(Some(format!("none,{SECOND}")))).await;
    ann.login().await.session();
    assert!(!hash_of_ann(&app).contains("keyid"));
    app.restart_with(with(None)).await;
    ann.login().await.session();
}

#[tokio::test]
async fn an_earlier_password_is_known_again_whatever_pepper_it_had() {
    let mut app = TestApp::with(with(Some(FIRST.to_owned()))).await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let path = account.path("/password-policies");
    let id = root.get(&path).await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let draft = json!({ "name": "Basic", "strength": "basic", "remember_last": 3 });
    root.put(&format!("{path}/{id}"), draft).await.ok(200);
    let ann = account.user("ann").await;
    let first = ann.password();
    let body = json!({ "current_password": first, "new_password": OTHER_PASSWORD });
    ann.session().await.post("/v1/me/password", body).await.empty(204);
    ann.remember_password(OTHER_PASSWORD);
    app.restart_with(with(Some(format!("{SECOND},{FIRST}")))).await;
    let session = ann.login().await.session();
    let body = json!({ "current_password": OTHER_PASSWORD, "new_password": first });
    let refused = session.post("/v1/me/password", body).await.problem(422, "password_refused");
    assert_eq!(refused.errors(), [("/new_password", "reused")]);
}

#[test]
fn a_file_of_peppers_is_for_its_owner_only_and_is_never_printed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("peppers");
    let key = FIRST.split_once(':').unwrap().1;
    for (text, mode, expected) in [
        (FIRST.to_owned(), 0o640, "can be read by others than its owner: chmod 600"),
        (key.to_owned(), 0o600, "password_hashing.peppers_file: entry 1: must be ID:KEY"),
        (format!("k1:{key}\n{FIRST}\n"), 0o600, "two peppers have the same id"),
    ] {
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let output = Home::with(&[("PASSWORD_HASHING__PEPPERS_FILE", file.to_str().unwrap())]).run(&["serve"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(expected), "{expected}: {said}");
        assert!(!said.contains(key), "{said}");
    }
    let output = Home::with(&[("PASSWORD_HASHING__PEPPERS", key)]).run(&["serve"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("password_hashing.peppers: entry 1: must be ID:KEY") && !said.contains(key), "{said}");
}
