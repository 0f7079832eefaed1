//! Limits on the imports of one account, and on what is kept of them.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{NDJSON, STUCK, errors, finished, import, numbered, path_of, refuse_user, send};
use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn ten_imports_of_an_account_are_open_at_most_however_they_come() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    // Its account has to wait for it, so that nothing that is sent after it ends.
    refuse_user(&app, "stuck", STUCK);
    let stuck = send(&by, &account, NDJSON, "{\"username\":\"stuck\"}").await.ok(202);
    by.session().await;
    let file = numbered("user", 0..600);
    let replies = in_parallel(30, |_| send(&by, &account, NDJSON, file.clone())).await;
    let expected = BTreeMap::from([("202".to_owned(), 9), ("409 conflict".to_owned(), 21)]);
    assert_eq!(statuses(&replies), expected);
    let kept = "SELECT status FROM user_imports WHERE status <> 'queued'";
    assert_eq!(app.look_into_database(kept), ["running"], "what was refused leaves nothing");

    // Another account is not concerned, and one that is cancelled makes room for one.
    let other = app.account("other").await;
    let by_other = other.admin(&["user_permissions"]).await;
    assert_eq!(import(&by_other, &other, NDJSON, "{\"username\":\"ann\"}").await["imported"], 1);
    by.act(&format!("{}/actions/cancel", path_of(&account, &stuck))).await.empty(204);
    let more = in_parallel(5, |_| send(&by, &account, NDJSON, file.clone())).await;
    assert!(more.iter().any(|reply| reply.status == 202), "{more:?}");
    // Now that nothing is stuck all of them end.
    for reply in replies.iter().chain(&more).filter(|reply| reply.status == 202) {
        assert_eq!(finished(&by, &account, &reply.json()).await["status"], "done");
    }
}

#[tokio::test]
async fn files_that_a_stopped_process_left_on_their_way_count_for_an_hour() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    for _ in 0..10 {
        import(&by, &account, NDJSON, "").await;
    }
    let left = "UPDATE user_imports SET status = 'receiving', finished_at = NULL";
    app.change_database(left, left);
    send(&by, &account, NDJSON, "").await.problem(409, "conflict");
    app.wait(TimeDelta::minutes(61));
    import(&by, &account, NDJSON, "").await;
    assert_eq!(app.look_into_database("SELECT status FROM user_imports"), ["done"]);
}

#[tokio::test]
async fn of_the_errors_of_a_file_the_first_ten_thousand_are_kept_and_the_others_counted() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let file = format!("{{\"username\":\"ann\"}}\n{}{{\"username\":\"bob\"}}\n", "x\n".repeat(10_333));
    let done = import(&by, &account, NDJSON, file).await;
    let told = ["imported", "failed_lines", "errors_not_kept"].map(|name| done[name].as_u64().unwrap());
    assert_eq!(told, [2, 10_333, 333]);
    let lines: Vec<_> = errors(&by, &account, &done).await.into_iter().map(|(line, ..)| line).collect();
    assert_eq!(lines, (2..=10_001).collect::<Vec<_>>());
    // A file with fewer has them all.
    let done = import(&by, &account, NDJSON, "x\n").await;
    assert_eq!((&done["failed_lines"], &done["errors_not_kept"]), (&1.into(), &0.into()));
}
