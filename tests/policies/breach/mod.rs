//! Passwords known from data breaches.

use std::{net::TcpListener, path::Path};

use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use crate::support::{Account, Home, OTHER_PASSWORD, Reply, TestApp, range_service};

/// Neither common nor short: nothing but the breach speaks against it.
const BREACHED: &str = "seven Otters paint the harbour 9";

fn hash_of(password: &str) -> String {
    data_encoding::HEXUPPER.encode(&Sha1::digest(password))
}

/// A list of many passwords, and these.
fn write_list(path: &Path, passwords: &[&str]) {
    let mut hashes: Vec<_> = (0..5_000).map(|number| hash_of(&number.to_string())).collect();
    hashes.extend(passwords.iter().map(|password| hash_of(password)));
    hashes.sort();
    let lines: Vec<_> = hashes.iter().map(|hash| format!("{hash}:17\r\n")).collect();
    std::fs::write(path, lines.concat()).unwrap();
}

#[track_caller]
fn codes(reply: &Reply) -> Vec<Value> {
    let problem = reply.problem(422, "password_refused");
    problem["errors"].as_array().unwrap().iter().map(|error| error["code"].clone()).collect()
}

/// Tries the password wherever a new one is set, and expects what `check` says of the replies.
async fn everywhere(app: &TestApp, password: &str, check: impl Fn(&Reply)) {
    let account = app.account(&format!("acme-{}", password.len())).await;
    let ann = account.invited(json!({ "username": "ann" })).await;
    let activation = json!({ "code": ann.activation_code(), "new_password": password });
    check(&app.call("POST", "/v1/activations").json(&activation).send().await);

    let bob = account.user("bob").await;
    let change = json!({ "current_password": bob.password(), "new_password": password });
    check(&bob.session().await.post("/v1/me/password", change).await);
}

#[tokio::test]
async fn a_password_in_the_file_is_refused_wherever_one_is_set() {
    let directory = tempfile::tempdir().unwrap();
    let list = directory.path().join("hashes.txt");
    write_list(&list, &[BREACHED, "ann"]);
    let app = TestApp::with(|config| config.breach.file = Some(list.clone())).await;
    everywhere(&app, BREACHED, |reply| assert_eq!(codes(reply), ["breached"])).await;
    everywhere(&app, OTHER_PASSWORD, |reply| reply.empty(204)).await;
}

#[tokio::test]
async fn a_breach_is_told_beside_every_other_rule() {
    let directory = tempfile::tempdir().unwrap();
    let list = directory.path().join("hashes.txt");
    write_list(&list, &["ann7777"]);
    let app = TestApp::with(|config| config.breach.file = Some(list.clone())).await;
    let account = app.account("acme").await;
    let ann = account.user("annika").await;
    let change = json!({ "current_password": ann.password(), "new_password": "ann7777" });
    let codes = codes(&ann.session().await.post("/v1/me/password", change).await);
    assert!(codes.contains(&json!("too_short")) && codes.contains(&json!("breached")), "{codes:?}");
}

#[tokio::test]
async fn a_login_that_asks_for_a_new_password_refuses_one_from_a_breach() {
    let directory = tempfile::tempdir().unwrap();
    let list = directory.path().join("hashes.txt");
    write_list(&list, &[BREACHED]);
    let app = TestApp::with(|config| config.breach.file = Some(list.clone())).await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let hash = "$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO";
    let record = json!({ "username": "ann", "password_hash": hash, "must_change_password": true });
    let session = root.session().await;
    let call = session.call("POST", &account.path("/user-imports")).file("application/x-ndjson", record.to_string());
    call.send().await.ok(202);
    let ann = crate::support::User::new(app.client(), "acme", "ann");
    let mut reply = ann.try_password("correct horse battery staple").await;
    while reply.status == 401 {
        reply = ann.try_password("correct horse battery staple").await;
    }
    let login = reply.challenge("password_change");
    assert_eq!(codes(&login.new_password(BREACHED).await), ["breached"]);
    login.new_password(OTHER_PASSWORD).await.session();
}

#[tokio::test]
async fn a_password_that_the_endpoint_knows_is_refused_and_the_endpoint_learns_five_digits() {
    let (known, other) = (hash_of(BREACHED), hash_of(OTHER_PASSWORD));
    let body = format!("{}:42\r\n{}:0\r\n{}:3\r\n", &known[5..], &other[5..], "0".repeat(35));
    let (endpoint, asked) = range_service(move |_| body.clone());
    let app = TestApp::with(|config| config.breach.endpoint = Some(endpoint)).await;
    everywhere(&app, BREACHED, |reply| assert_eq!(codes(reply), ["breached"])).await;
    everywhere(&app, OTHER_PASSWORD, |reply| reply.empty(204)).await;
    let asked = asked.lock().unwrap();
    assert!(asked.iter().any(|request| request.starts_with(&format!("GET /range/{} HTTP/1.1\r\n", &known[..5]))));
    assert!(asked.iter().all(|request| request.to_lowercase().contains("add-padding: true")), "{asked:?}");
    assert!(asked.iter().all(|request| !request.contains(&known[5..]) && !request.contains("Otters")), "{asked:?}");
}

#[tokio::test]
async fn min_count_lets_through_what_was_seen_less_often() {
    let known = hash_of(BREACHED);
    let (endpoint, _asked) = range_service(move |_| format!("{}:42\r\n", &known[5..]));
    let app = TestApp::with(|config| {
        config.breach.endpoint = Some(endpoint);
        config.breach.min_count = 43;
    })
    .await;
    everywhere(&app, BREACHED, |reply| reply.empty(204)).await;
}

/// Makes the account's default policy say when passwords that are there are checked.
async fn check_existing(app: &TestApp, account: &Account, when: &str) {
    let root = app.platform_admin().await;
    let path = account.path("/password-policies");
    let id = root.get(&path).await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let draft = json!({ "name": "Basic", "strength": "basic", "apply_to_existing": when });
    root.put(&format!("{path}/{id}"), draft).await.ok(200);
}

/// Events in which the service says that nobody could be asked.
fn unanswered(app: &TestApp) -> usize {
    app.look_into_database("SELECT action FROM audit_events WHERE action = 'password.breaches_unknown'").len()
}

#[tokio::test]
async fn a_sign_in_finds_a_password_that_became_known_where_the_policy_asks_for_that() {
    let directory = tempfile::tempdir().unwrap();
    let list = directory.path().join("hashes.txt");
    write_list(&list, &[BREACHED]);
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.invited(json!({ "username": "ann" })).await;
    ann.remember_password(BREACHED);
    ann.activate(ann.activation_code()).await.empty(204);
    app.restart_with(|config| config.breach.file = Some(list.clone())).await;
    ann.login().await.session();
    check_existing(&app, &account, "at_next_login").await;
    let login = ann.login().await.challenge("password_change");
    let reasons = login.body["password_change"]["reasons"].as_array().unwrap();
    let reasons: Vec<_> = reasons.iter().map(|reason| reason["code"].clone()).collect();
    assert_eq!(reasons, ["breached"]);
    assert_eq!(login.state().await.ok(200)["password_change"], login.body["password_change"]);
    assert_eq!(codes(&login.new_password(BREACHED).await), ["reused", "breached"]);
    login.new_password(OTHER_PASSWORD).await.session();
    ann.remember_password(OTHER_PASSWORD);
    ann.login().await.session();
    assert_eq!(unanswered(&app), 0);
}

#[tokio::test]
async fn at_a_sign_in_the_endpoint_is_asked_only_for_the_right_password_and_only_where_the_policy_asks() {
    let known = hash_of(BREACHED);
    let (endpoint, asked) = range_service(move |_| format!("{}:42\r\n", &known[5..]));
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.invited(json!({ "username": "ann" })).await;
    ann.remember_password(BREACHED);
    ann.activate(ann.activation_code()).await.empty(204);
    app.restart_with(|config| config.breach.endpoint = Some(endpoint)).await;
    let asked = || asked.lock().unwrap().len();
    ann.login().await.session();
    check_existing(&app, &account, "at_next_login").await;
    ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    assert_eq!(asked(), 0);
    ann.login().await.challenge("password_change");
    assert_eq!(asked(), 1);
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_holds_no_sign_in_up_and_is_written_down() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    check_existing(&app, &account, "at_next_login").await;
    app.restart_with(|config| {
        config.breach.endpoint = Some(endpoint);
        config.breach.timeout_milliseconds = 100;
    })
    .await;
    let begun = std::time::Instant::now();
    let session = ann.login().await.session();
    // The configuration says a tenth of a second; the machine may be busy.
    assert!(begun.elapsed() < std::time::Duration::from_secs(5));
    assert_eq!(unanswered(&app), 1);
    // A new password is taken unasked as well, and that is written down too.
    let change = json!({ "current_password": ann.password(), "new_password": OTHER_PASSWORD });
    session.post("/v1/me/password", change).await.empty(204);
    assert_eq!(unanswered(&app), 2);
}

#[test]
fn a_file_or_an_endpoint_that_cannot_be_used_refuses_to_start() {
    let directory = tempfile::tempdir().unwrap();
    let garbled = directory.path().join("garbled.txt");
    std::fs::write(&garbled, "password\n123456\n").unwrap();
    let unsorted = directory.path().join("unsorted.txt");
    std::fs::write(&unsorted, format!("{}\n{}\n", "F".repeat(40), "0".repeat(40))).unwrap();
    let missing = directory.path().join("missing.txt");
    for (key, value, expected) in [
        ("BREACH__FILE", garbled.to_str().unwrap(), "is malformed: near byte 0"),
        ("BREACH__FILE", unsorted.to_str().unwrap(), "is not sorted: the hash at byte 41"),
        ("BREACH__FILE", missing.to_str().unwrap(), "missing.txt cannot be read"),
        ("BREACH__ENDPOINT", "api.pwnedpasswords.com", "must be the http or https URL in front of /range/"),
        ("BREACH__TIMEOUT_MILLISECONDS", "0", "breach.timeout_milliseconds"),
    ] {
        let output = Home::with(&[(key, value)]).run(&["serve"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(expected), "{expected}: {said}");
    }
}

mod slow {
    use std::net::TcpListener;

    use serde_json::json;

    use super::{BREACHED, hash_of};
    use crate::support::{Home, range_service};

    #[tokio::test]
    async fn who_cannot_be_asked_stops_nobody_and_the_log_holds_no_secret() {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let (garbled, _asked) = range_service(|_| "<html>please pay</html>".to_owned());
        for endpoint in [format!("http://{gone}"), format!("http://{}", silent.local_addr().unwrap()), garbled] {
            let home = Home::with(&[("BREACH__ENDPOINT", &endpoint), ("BREACH__TIMEOUT_MILLISECONDS", "200")]);
            let process = home.serve();
            let account = process.account("acme").await;
            let ann = account.invited(json!({ "username": "ann" })).await;
            ann.remember_password(BREACHED);
            ann.activate(ann.activation_code()).await.empty(204);
            let log = process.output();
            assert!(log.contains("the breached-password endpoint cannot be queried"), "{log}");
            let hash = hash_of(BREACHED);
            assert!(!log.contains("Otters") && !log.contains(&hash) && !log.contains(&hash[..5]), "{log}");
        }
    }
}
