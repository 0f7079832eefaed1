//! Imports survive failures of nodes, and each runs once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{NDJSON, counts, errors, finished, import, send, users};
use crate::support::{Home, TestApp};

/// A file of users of whom every hundredth is bad.
fn file(users: usize) -> String {
    let line = |number| {
        if number % 100 == 99 {
            return "{}\n".to_owned();
        }
        let user = json!({
            "username": format!("user-{number}"), "email": format!("user-{number}@example.org"),
            "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "permissions": ["user_permissions"],
        });
        format!("{user}\n")
    };
    (0..users).map(line).collect()
}

/// Everything of an import of [`file`] is there, once.
fn assert_complete(done: &Value, errors: &[(u64, String, String)], lines: u64) {
    assert_eq!(counts(done), (lines - lines / 100, 0, lines / 100), "{done}");
    let numbers: Vec<_> = errors.iter().map(|error| error.0).collect();
    assert_eq!(numbers, (1..=lines / 100).map(|hundred| hundred * 100).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_file_of_many_batches_is_imported_in_order() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let done = import(&by, &account, NDJSON, file(1_200)).await;
    assert_complete(&done, &errors(&by, &account, &done).await, 1_200);
    assert_eq!(users(&by, &account).await.len(), 1_188);
}

#[tokio::test]
async fn files_that_come_together_are_imported_all() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let mut waiting = Vec::new();
    for _ in 0..5 {
        waiting.push(send(&by, &account, NDJSON, file(500)).await.ok(202));
    }
    let mut all = (0, 0, 0);
    for import in &waiting {
        let (imported, unchanged, failed) = counts(&finished(&by, &account, import).await);
        all = (all.0 + imported, all.1 + unchanged, all.2 + failed);
    }
    assert_eq!(all, (495, 4 * 495, 5 * 5));
}

#[tokio::test]
async fn an_import_whose_starter_lost_the_permission_fails_and_keeps_what_was_done() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let other = account.admin(&["user_permissions"]).await;
    app.pause_workers().await;
    let large = send(&by, &account, NDJSON, file(3_000)).await.ok(202);
    app.take_import_turn().await;
    account.act_on(&by, "disable").await.empty(204);
    app.resume_workers().await;
    let failed = finished(&other, &account, &large).await;
    assert_eq!(failed["status"], "failed", "{failed}");
    assert_eq!(failed["failure"], "the user who started it has been disabled");
    assert!(failed["imported"].as_u64().unwrap() > 0, "{failed}");
    let kept = "SELECT CAST(count(*) AS text) FROM imported_users";
    assert_eq!(app.look_into_database(kept), [failed["imported"].to_string()]);
    let waiting = "SELECT 'a batch' FROM user_import_batches";
    assert_eq!(app.look_into_database(waiting), [""; 0]);
}

/// Whether the import was still under way when the plug was pulled.
async fn goes_on_after_the_plug_was_pulled(lines: usize) -> bool {
    let mut home = Home::new();
    let mut process = home.serve();
    home.keep_address_of(&process);
    let account = process.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let begun = send(&by, &account, NDJSON, file(lines)).await.ok(202);
    let path = account.path(&format!("/user-imports/{}", begun["id"].as_str().unwrap()));
    let mut pulled = false;
    let since = Instant::now();
    let done = loop {
        let now = by.get(&path).await.ok(200);
        if !now["finished_at"].is_null() {
            break now;
        }
        if !pulled && now["imported"].as_u64().unwrap() > 1_000 {
            process.kill();
            process = home.serve();
            // The client notices that its connections are gone.
            tokio::time::sleep(Duration::from_millis(100)).await;
            pulled = true;
        }
        assert!(since.elapsed() < Duration::from_secs(300), "{now}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    assert_complete(&done, &errors(&by, &account, &done).await, lines.try_into().unwrap());
    assert_eq!(users(&by, &account).await.len(), lines - lines / 100);
    pulled
}

mod on_postgres {
    use super::super::{NDJSON, counts, finished, send, users};
    use super::file;
    use crate::support::Home;

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn two_nodes_on_one_database_import_a_file_once() {
        // SQLite takes one.
        let home = Home::on_postgres();
        let one = home.serve();
        let _other = home.serve();
        let account = one.account("acme").await;
        let by = account.admin(&["user_permissions"]).await;
        let lines = 5_000;
        let mut waiting = Vec::new();
        for _ in 0..3 {
            waiting.push(send(&by, &account, NDJSON, file(lines)).await.ok(202));
        }
        let (mut imported, mut unchanged) = (0, 0);
        for import in &waiting {
            let done = finished(&by, &account, import).await;
            let counts = counts(&done);
            assert_eq!(counts.2, 50);
            (imported, unchanged) = (imported + counts.0, unchanged + counts.1);
        }
        assert_eq!((imported, unchanged), (4_950, 2 * 4_950));
        assert_eq!(users(&by, &account).await.len(), 4_950);
    }
}

mod slow {
    use super::goes_on_after_the_plug_was_pulled;

    #[tokio::test]
    async fn an_import_goes_on_after_the_plug_was_pulled_and_nothing_is_done_twice() {
        // Where the import is over before the plug is pulled, the next file is longer.
        let mut longer = [10_000, 40_000, 160_000].into_iter();
        while !goes_on_after_the_plug_was_pulled(longer.next().expect("the plug was pulled in time")).await {}
    }
}
