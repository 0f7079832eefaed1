//! Nothing of a file remains where it is not needed, and waiting records are sealed.

use super::{NDJSON, STUCK, path_of, refuse_user, send, wait_for};
use crate::support::{TestApp, raw::Raw};

const HASH: &str = "$2b$04$wNu22AMJ6OU0kLxeb7BEB.SX3E7BaIOFxLpAMCo/fWMgGN.6VDipO";
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// All bytes that wait, as hexadecimal digits.
fn waiting_bytes(app: &TestApp) -> Vec<String> {
    let sqlite = app.config().store().url.starts_with("sqlite://");
    let digits = if sqlite { "lower(hex(sealed_records))" } else { "encode(sealed_records, 'hex')" };
    app.look_into_database(&format!("SELECT {digits} FROM user_import_batches ORDER BY number"))
}

#[tokio::test]
async fn hashes_and_secrets_that_wait_are_sealed() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    refuse_user(&app, "stuck", STUCK);
    let file = format!(
        "{{\"username\":\"stuck\"}}\n{{\"username\":\"ann\",\"password_hash\":\"{HASH}\",\"totp_secret\":\"{SECRET}\"}}\n"
    );
    let begun = send(&by, &account, NDJSON, file.clone()).await.ok(202);
    let waiting = waiting_bytes(&app);
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].len() > 2 * file.len(), "the whole file waits");
    for text in [HASH, SECRET, "username", "ann"] {
        let digits = data_encoding::HEXLOWER.encode(text.as_bytes());
        assert!(!waiting[0].contains(&digits), "{text} can be read");
    }
    by.act(&format!("{}/actions/cancel", path_of(&account, &begun))).await.empty(204);
    assert_eq!(waiting_bytes(&app), [""; 0]);
}

#[tokio::test]
async fn a_file_that_is_broken_off_is_forgotten_at_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let token = by.session().await.access_token;
    let lines = format!("{{\"username\":\"ann\",\"password_hash\":\"{HASH}\"}}\n").repeat(600);
    let mut raw = Raw::connect(app.address());
    assert!(raw.send(format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: {NDJSON}\r\n\
         Content-Length: 1000000\r\n\r\n{lines}",
        account.path("/user-imports")
    )));
    wait_for(&app, "SELECT status FROM user_imports", &["receiving"]);
    wait_for(&app, "SELECT CAST(count(*) AS text) FROM user_import_batches", &["2"]);
    // Nobody sees it yet.
    assert_eq!(by.get(&account.path("/user-imports")).await.ok(200)["items"], serde_json::json!([]));
    drop(raw);
    wait_for(&app, "SELECT status FROM user_imports", &[]);
    assert_eq!(waiting_bytes(&app), [""; 0]);
}
