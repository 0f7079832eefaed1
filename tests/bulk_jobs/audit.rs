//! A job leaves behind what as many single actions would, and that there was a job.

use serde_json::json;

use super::{path, run};
use crate::support::TestApp;

#[tokio::test]
async fn each_user_who_was_changed_is_in_the_audit_under_the_name_of_whoever_ordered_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, bob, cleo) = (account.user("ann").await, account.user("bob").await, account.user("cleo").await);
    account.act_on(&bob, "disable").await.empty(204);
    let users = json!([ann.id(), bob.id(), cleo.id()]);
    let job = run(&by, &account, json!({ "action": "disable", "users": users })).await;
    let of_job = |column: &str| {
        format!(
            "SELECT {column} FROM audit_events WHERE actor_name = '{}' AND \
             (action = 'user.disabled' OR action LIKE 'bulk_job.%') ORDER BY sequence",
            by.username()
        )
    };
    assert_eq!(
        app.look_into_database(&of_job("action")),
        ["bulk_job.started", "user.disabled", "user.disabled", "bulk_job.finished"]
    );
    let mut names = app.look_into_database(&of_job("coalesce(target_name, '')"));
    names.sort();
    assert_eq!(names, ["", "", "ann", "cleo"]);
    let ended = app.look_into_database(&of_job("details")).pop().unwrap();
    for fact in
        ["\"succeeded\":2", "\"unchanged\":1", "\"failed\":0", "\"status\":\"finished\"", "\"action\":\"disable\""]
    {
        assert!(ended.contains(fact), "{ended}");
    }
    by.act(&format!("{}/actions/cancel", path(&account, &job))).await.ok(200);
    assert_eq!(app.look_into_database(&of_job("action")).len(), 4, "it had ended");
}
