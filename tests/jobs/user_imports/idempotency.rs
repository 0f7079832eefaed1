//! A file that is sent twice with one key is imported once.

use super::{NDJSON, finished};
use crate::support::TestApp;

#[tokio::test]
async fn the_first_reply_is_given_again() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let session = by.session().await;
    let send = |file: &str| {
        let call = session.call("POST", &account.path("/user-imports")).file(NDJSON, file);
        call.header("idempotency-key", "import-1").send()
    };
    let first = send("{\"username\":\"ann\"}").await.ok(202);
    finished(&by, &account, &first).await;
    assert_eq!(send("{\"username\":\"ann\"}").await.ok(202), first);
    send("{\"username\":\"bob\"}").await.problem(422, "idempotency_key_reused");
    assert_eq!(app.look_into_database("SELECT status FROM user_imports WHERE status <> 'receiving'"), ["done"]);
}
