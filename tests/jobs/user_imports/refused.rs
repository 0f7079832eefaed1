//! Records that the database rejects affect as little else as possible.

use chrono::TimeDelta;

use super::{NDJSON, STUCK, counts, errors, finished, import, numbered, path_of, refuse_user, send, users, wait_for};
use crate::support::TestApp;

#[tokio::test]
async fn a_record_that_the_database_refuses_fails_alone() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    refuse_user(&app, "refused", "no user of this name, says a test");
    let file = format!("{}{{\"username\":\"refused\"}}\nx\n{}", numbered("one", 0..300), numbered("two", 0..300));
    let done = import(&by, &account, NDJSON, file.clone()).await;
    assert_eq!(counts(&done), (600, 0, 2));
    let told = errors(&by, &account, &done).await;
    assert_eq!(told[0].0, 301);
    assert_eq!(told[0].1, "internal_error");
    assert_eq!(told[0].2, "the service could not import this record; its log has the reason");
    assert_eq!((told[1].0, told[1].1.as_str()), (302, "malformed"));
    assert_eq!(users(&by, &account).await.len(), 600);
    // A second run changes nothing.
    assert_eq!(counts(&import(&by, &account, NDJSON, file).await), (0, 600, 2));
}

#[tokio::test]
async fn the_operator_too_loses_no_more_than_the_record_that_the_database_refuses() {
    let app = TestApp::start().await;
    app.account("acme").await;
    refuse_user(&app, "refused", "no user of this name, says a test");
    let mut operator = app.service().import_as_operator("acme", service::ImportFormat::Ndjson).await.unwrap();
    let mut splitter = ::import::Splitter::new(service::ImportFormat::Ndjson);
    let mut records = Vec::new();
    splitter
        .push(b"{\"username\":\"ann\"}\n{\"username\":\"refused\"}\n{\"username\":\"bob\"}\n", |it| records.push(it));
    for record in records {
        operator.take(record).await.unwrap();
    }
    let outcome = operator.finish().await.unwrap();
    assert_eq!((outcome.tally.imported, outcome.tally.failed_lines), (2, 1));
    let told: Vec<_> = outcome.errors.iter().map(|error| (error.line, error.code.as_str())).collect();
    assert_eq!(told, [(2, "internal_error")]);
}

#[tokio::test]
async fn records_that_stop_the_service_again_and_again_fail_their_import_and_keep_no_other_waiting() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let (by, by_other) = (account.admin(&["user_permissions"]).await, other.admin(&["user_permissions"]).await);
    refuse_user(&app, "stuck", STUCK);
    let file = format!("{}{{\"username\":\"stuck\"}}\n", numbered("user", 0..249));
    let begun = send(&by, &account, NDJSON, format!("{}{file}", numbered("before", 0..250))).await.ok(202);
    // The first attempt began with records that could be imported.
    wait_for(&app, "SELECT CAST(imported AS text) FROM user_imports WHERE total_lines = 500", &["250"]);
    for attempt in 0..=5_u32 {
        let attempts = "SELECT CAST(attempts AS text) FROM user_import_queue";
        wait_for(&app, attempts, &[&attempt.to_string()]);
        let now = by.get(&path_of(&account, &begun)).await.ok(200);
        assert_eq!((&now["status"], &now["imported"]), (&"running".into(), &250.into()), "{now}");
        // Whoever comes meanwhile is served, and the lease keeps everybody from the records.
        let meanwhile = import(&by_other, &other, NDJSON, numbered(&format!("user-{attempt}"), 0..3)).await;
        assert_eq!(counts(&meanwhile), (3, 0, 0));
        assert_eq!(app.look_into_database(attempts), [attempt.to_string()]);
        app.wait(TimeDelta::seconds(161));
        // Wakes the worker.
        import(&by_other, &other, NDJSON, "").await;
    }
    let failed = finished(&by, &account, &begun).await;
    assert_eq!((&failed["status"], &failed["imported"]), (&"failed".into(), &250.into()), "{failed}");
    assert_eq!(
        failed["failure"],
        "the service was stopped, or the database failed, 5 times while importing the records after the first 250"
    );
    assert_eq!(users(&by, &account).await.len(), 250);
    assert_eq!(app.look_into_database("SELECT 'a batch' FROM user_import_batches"), [""; 0]);
    // The account itself goes on.
    assert_eq!(counts(&import(&by, &account, NDJSON, "{\"username\":\"ann\"}").await), (1, 0, 0));
}
