//! A job that the database cannot process fails, without holding up others.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{counts, crowd, ended, number, order, outcomes, run, until};
use crate::{
    jobs::user_imports::{STUCK, wait_for},
    support::{Account, TestApp, User},
};

/// From now on the database does not do this to rows of `table` where `which`, and says that it is full.
fn refuse(app: &TestApp, what: &str, table: &str, which: &str) {
    let sqlite = format!(
        "CREATE TRIGGER refuse BEFORE {what} ON {table} WHEN {which}
         BEGIN SELECT RAISE(ABORT, '{STUCK}'); END"
    );
    let postgres = format!(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN IF {which} THEN RAISE EXCEPTION '{STUCK}'; END IF; RETURN NEW; END $$;
         CREATE TRIGGER refuse BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
    );
    app.change_database(&sqlite, &postgres);
}

/// Lets the time of all attempts pass. The account `other` is served meanwhile, and after each attempt.
async fn let_it_try(app: &TestApp, slug: &str, (by_other, other): (&User, &Account)) {
    let attempts = format!(
        "SELECT CAST(attempts AS text) FROM bulk_queues JOIN accounts ON id = account_id WHERE slug = '{slug}'"
    );
    let unlock = json!({ "action": "unlock", "filter": { "all": true } });
    for attempt in 0..=5_u32 {
        wait_for(app, &attempts, &[&attempt.to_string()]);
        // The lease keeps everybody from it.
        for _ in 0..3 {
            counts(&run(by_other, other, unlock.clone()).await, "finished");
        }
        assert_eq!(app.look_into_database(&attempts), [attempt.to_string()]);
        app.wait(TimeDelta::seconds(161));
        // Wakes the worker.
        run(by_other, other, unlock.clone()).await;
    }
}

#[tokio::test]
async fn a_job_whose_users_cannot_be_collected_fails_and_lets_later_ones_and_other_accounts_go_on() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let (by, by_other) = (account.admin(&["user_permissions"]).await, other.admin(&["user_permissions"]).await);
    crowd(&by, &account, 3).await;
    refuse(&app, "INSERT", "bulk_job_users", "new.member IN (SELECT id FROM users WHERE username_key = 'user-0')");
    let stuck = order(&by, &account, json!({ "action": "disable", "filter": { "q": "user-" } })).await.ok(202);
    until(&by, &account, &stuck, |now| now["status"] == "running").await;
    // So that their ids tell the order.
    app.wait(TimeDelta::milliseconds(1));
    let later = order(&by, &account, json!({ "action": "disable", "filter": { "q": "user-1" } })).await.ok(202);
    let_it_try(&app, "acme", (&by_other, &other)).await;
    let failed = ended(&by, &account, &stuck).await;
    assert_eq!((&failed["status"], &failed["total"]), (&"failed".into(), &Value::Null), "{failed}");
    assert_eq!(failed["failure"], "the database repeatedly failed, or did not find the users of the filter in time");
    assert_eq!(counts(&ended(&by, &account, &later).await, "finished"), (1, 0, 0, 0));
    assert_eq!(super::listed(&by, &account, "status=disabled").await, 1);
}

#[tokio::test]
async fn a_user_at_whom_the_database_fails_again_and_again_fails_alone() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let (by, by_other) = (account.admin(&["user_permissions"]).await, other.admin(&["user_permissions"]).await);
    let mut ids = crowd(&by, &account, 4).await;
    ids.sort_unstable();
    let name = |id: &str| {
        let found = format!("/users/{id}");
        let path = account.path(&found);
        let by = &by;
        async move { by.get(&path).await.ok(200)["username"].as_str().unwrap().to_owned() }
    };
    let stuck = name(&ids[2]).await;
    refuse(&app, "UPDATE", "users", &format!("old.username_key = '{stuck}'"));
    let job = order(&by, &account, json!({ "action": "disable", "filter": { "q": "user-" } })).await.ok(202);
    // Whoever comes before is done, although they were to be done together.
    until(&by, &account, &job, |now| number(now, "done") == 2).await;
    let_it_try(&app, "acme", (&by_other, &other)).await;
    let done = ended(&by, &account, &job).await;
    assert_eq!(counts(&done, "finished"), (3, 0, 1, 0));
    assert_eq!(outcomes(&by, &account, &done).await[&stuck], "failed internal_error");
    assert_eq!(super::listed(&by, &account, "status=disabled").await, 3);
}
