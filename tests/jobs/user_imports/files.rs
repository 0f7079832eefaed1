//! Files that are rejected.

use super::{CSV, NDJSON, counts, import, send, users};
use crate::support::TestApp;

#[tokio::test]
async fn other_media_types_are_refused() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    for media_type in ["application/json", "text/plain", "", "text/csv; charset=latin1", "multipart/form-data"] {
        send(&by, &account, media_type, "username\n").await.problem(415, "unsupported_media_type");
    }
    let session = by.session().await;
    let call = session.call("POST", &account.path("/user-imports")).file(CSV, "username\n");
    call.header("content-encoding", "gzip").send().await.problem(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_header_that_means_nothing_is_refused_at_once_and_nothing_is_imported() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    for (file, message) in [
        ("username,passwort\nann,x\n", "column 2 has an unknown name; known names are username, display_name, "),
        ("username,email,Username\n", "the column username appears twice"),
        ("email\nann@example.org\n", "the column username is missing"),
        ("{\"username\":\"ann\"}\n", "line 1 must name the columns: this is not a CSV record: "),
    ] {
        let problem = send(&by, &account, CSV, file).await.problem(422, "validation_failed");
        assert!(problem["errors"][0]["message"].as_str().unwrap().starts_with(message), "{problem:?}");
    }
    assert_eq!(users(&by, &account).await.len(), 0);
    let left = "SELECT status FROM user_imports";
    assert_eq!(app.look_into_database(left), [""; 0], "what was refused leaves nothing");
}

#[tokio::test]
async fn a_quote_that_is_never_closed_does_not_swallow_the_file() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let filling = "x".repeat(100);
    let many: Vec<_> = (0..2_000).map(|number| format!("user-{number},{filling}\n")).collect();
    let file = format!("username,display_name\n\"ann,Ann\n{}", many.concat());
    let (imported, _, failed) = counts(&import(&by, &account, CSV, file).await);
    assert_eq!(failed, 1);
    assert!(imported > 1_300, "{imported} after the 64 KiB that the quote took");
}

#[tokio::test]
async fn what_is_no_import_is_not_found() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let (by, stranger) = (account.admin(&["user_permissions"]).await, other.admin(&["user_permissions"]).await);
    let done = import(&by, &account, NDJSON, "{\"username\":\"ann\"}").await;
    let id = done["id"].as_str().unwrap();
    for path in [format!("/user-imports/{id}"), format!("/user-imports/{id}/errors")] {
        // Neither by somebody of another account, nor under the name of another account.
        stranger.get(&account.path(&path)).await.problem(404, "not_found");
        stranger.get(&other.path(&path)).await.problem(404, "not_found");
    }
    for id in ["01997f61-2b7c-7d10-8a5e-90c1f2b3d4e5", "1", by.id()] {
        by.get(&account.path(&format!("/user-imports/{id}"))).await.problem(404, "not_found");
    }
}

mod slow {
    use super::super::{NDJSON, counts, import, send};
    use crate::support::TestApp;

    #[tokio::test]
    async fn a_file_of_more_than_64_mib_is_refused_whether_it_says_so_or_not() {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        let by = account.admin(&["user_permissions"]).await;
        let large = vec![b'\n'; 64 * 1024 * 1024 + 1];
        send(&by, &account, NDJSON, large).await.problem(413, "payload_too_large");
        // One of just that size is taken.
        let largest = vec![b'\n'; 64 * 1024 * 1024];
        assert_eq!(counts(&import(&by, &account, NDJSON, largest).await), (0, 0, 0));
        assert_eq!(app.look_into_database("SELECT status FROM user_imports"), ["done"]);
    }
}
