//! Hashes that cost far more than Latchkey's do not reveal which users exist.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{NDJSON, import};
use crate::support::{TestApp, User, process::pause};

/// Of [`PASSWORD`], made with Python's hashlib; an estimated 125 ms.
const COSTLY: &str = "pbkdf2_sha256$250000$seasalt2seasalt2$//sA4p6JHV99ehV1NGsujF8Ypjf8eStE5XriZpE8mXQ=";
const PASSWORD: &str = "correct horse battery staple";

/// Twice the estimate.
const LEAST: Duration = Duration::from_millis(250);

/// How long a refusal takes at best.
async fn refusal(user: &User) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let began = Instant::now();
        user.try_password("another password").await.problem(401, "invalid_credentials");
        best = best.min(began.elapsed());
    }
    best
}

/// Waits until a refusal is quick, as it is where nothing is costly: hashes cost nothing in tests.
async fn costs_nothing(user: &User) {
    let since = Instant::now();
    while refusal(user).await >= LEAST {
        assert!(since.elapsed() < Duration::from_secs(60), "something is costly");
        pause(Duration::from_millis(100));
    }
}

#[tokio::test]
async fn while_a_costly_hash_is_there_every_failed_login_takes_as_long_as_its_check() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let by = account.admin(&["user_permissions"]).await;
    let bob = other.user("bob").await;
    let nobody = User::new(app.client(), &account.slug, "nobody");
    let nowhere = User::new(app.client(), "nowhere", "nobody");
    costs_nothing(&nobody).await;

    let record = json!({ "username": "ann", "password_hash": COSTLY }).to_string();
    assert_eq!(import(&by, &account, NDJSON, record).await["imported"], 1);
    let ann = User::new(app.client(), &account.slug, "ann");
    // The worker has looked before it imports the next file, whoever's.
    import(&by, &account, NDJSON, "").await;
    for (who, user) in [("ann", &ann), ("nobody", &nobody), ("nowhere", &nowhere), ("bob", &bob)] {
        let took = refusal(user).await;
        assert!(took >= LEAST, "{who}: {took:?}");
    }

    // A right password is not held up, and replaces the hash; then nothing is costly any more.
    bob.sign_in().await;
    ann.try_password(PASSWORD).await.session();
    assert_eq!(
        app.look_into_database("SELECT 'one' FROM imported_users WHERE check_milliseconds IS NOT NULL"),
        [""; 0]
    );
    costs_nothing(&nobody).await;
}

#[tokio::test]
async fn a_costly_hash_counts_after_a_restart_and_goes_with_the_password() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let record = json!({ "username": "ann", "password_hash": COSTLY }).to_string();
    import(&by, &account, NDJSON, record).await;
    app.restart().await;
    let nobody = User::new(app.client(), &account.slug, "nobody");
    assert!(refusal(&nobody).await >= LEAST);

    let ann = super::users(&by, &account).await[0]["id"].as_str().unwrap().to_owned();
    let code = by.act(&account.path(&format!("/users/{ann}/actions/send-activation"))).await.ok(200)["code"].clone();
    let body = json!({ "code": code, "new_password": crate::support::PASSWORD });
    app.call("POST", "/v1/activations").json(&body).send().await.empty(204);
    assert_eq!(
        app.look_into_database("SELECT 'one' FROM imported_users WHERE check_milliseconds IS NOT NULL"),
        [""; 0]
    );
}
