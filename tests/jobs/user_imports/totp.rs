//! Imported authenticator apps keep working.

use chrono::TimeDelta;
use data_encoding::{BASE32_NOPAD, BASE64};
use serde_json::{Value, json};

use super::{NDJSON, counts, import, users};
use crate::support::{Phone, TestApp, User};

const HASH: &str = "$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO";
const PASSWORD: &str = "correct horse battery staple";
const SECRET: &[u8] = b"12345678901234567890";

/// What Google Authenticator shows for the transfer of one account.
fn transfer(secret: &[u8]) -> String {
    let length = |length: usize| u8::try_from(length).unwrap();
    let mut account = vec![0x0a, length(secret.len())];
    account.extend_from_slice(secret);
    account.extend_from_slice(b"\x12\x03ann\x1a\x04Acme\x20\x01\x28\x01\x30\x02");
    let payload = [&[0x0a, length(account.len())], account.as_slice(), b"\x10\x01\x18\x01\x20\x00"].concat();
    let data = BASE64.encode(&payload).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("otpauth-migration://offline?data={data}")
}

async fn imported(app: &TestApp, mut record: Value) -> User {
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    record["username"] = json!("ann");
    record["password_hash"] = json!(HASH);
    assert_eq!(counts(&import(&by, &account, NDJSON, record.to_string()).await), (1, 0, 0));
    assert_eq!(users(&by, &account).await[0]["two_factor"], json!({ "required": true, "status": "enrolled" }));
    let ann = User::new(app.client(), &account.slug, "ann");
    ann.remember_password(PASSWORD);
    ann
}

async fn signs_in(record: Value, secret: &[u8]) {
    let app = TestApp::start().await;
    let ann = imported(&app, record).await;
    let phone = Phone::with_secret(app.client(), secret);
    // Whatever the policy says, a factor that was there stays.
    let login = ann.login().await.challenge("totp");
    login.code(&phone.wrong_code()).await.problem(401, "invalid_code");
    let code = phone.code();
    login.code(&code).await.session();
    // A code works once.
    ann.login().await.challenge("totp").code(&code).await.problem(401, "invalid_code");
    app.wait_for_next_code();
    ann.login().await.challenge("totp").code(&phone.code()).await.session();
}

#[tokio::test]
async fn secrets_of_every_usual_length_in_every_spelling_go_on_to_work() {
    for bytes in [10, 16, 20, 32, 64] {
        let secret: Vec<u8> = (1..=bytes).collect();
        let text = BASE32_NOPAD.encode(&secret);
        signs_in(json!({ "totp_secret": text }), &secret).await;
    }
    let grouped = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq ====";
    signs_in(json!({ "totp_secret": grouped }), SECRET).await;
}

#[tokio::test]
async fn the_transfer_of_google_authenticator_and_the_uri_of_a_qr_code_are_understood() {
    signs_in(json!({ "totp_migration": transfer(SECRET) }), SECRET).await;
    let uri = format!("otpauth://totp/Acme:ann?secret={}&issuer=Acme", BASE32_NOPAD.encode(SECRET));
    signs_in(json!({ "totp_migration": uri }), SECRET).await;
}

#[tokio::test]
async fn the_code_of_the_step_before_works_and_older_ones_do_not() {
    let app = TestApp::start().await;
    let ann = imported(&app, json!({ "totp_secret": BASE32_NOPAD.encode(SECRET) })).await;
    let phone = Phone::with_secret(app.client(), SECRET);
    let login = ann.login().await.challenge("totp");
    login.code(&phone.code_ahead(-2)).await.problem(401, "invalid_code");
    login.code(&phone.code_ahead(-1)).await.session();
}

#[tokio::test]
async fn there_are_no_recovery_codes_until_the_user_asks_for_them() {
    let app = TestApp::start().await;
    let ann = imported(&app, json!({ "totp_secret": BASE32_NOPAD.encode(SECRET) })).await;
    let login = ann.login().await.challenge("totp");
    assert_eq!(login.body["totp"]["recovery_codes_left"], 0);
}

#[tokio::test]
async fn secrets_are_sealed_and_nothing_of_the_file_stays() {
    let app = TestApp::start().await;
    imported(&app, json!({ "totp_secret": BASE32_NOPAD.encode(SECRET) })).await;
    // Ann's, and the one of who administers the platform.
    let hex = "SELECT CASE WHEN count(*) = 2 THEN 'both' ELSE 'other' END FROM authenticators WHERE length(sealed_secret) > 60";
    assert_eq!(app.look_into_database(hex), ["both"]);
    let waiting = "SELECT 'a batch' FROM user_import_batches";
    assert_eq!(app.look_into_database(waiting), [""; 0]);
}

#[tokio::test]
async fn a_password_that_was_changed_in_the_future_was_changed_now() {
    let app = TestApp::start().await;
    let tomorrow = (app.now() + TimeDelta::days(1)).to_rfc3339();
    let ann =
        imported(&app, json!({ "totp_secret": BASE32_NOPAD.encode(SECRET), "password_changed_at": tomorrow })).await;
    ann.login().await.challenge("totp");
}
