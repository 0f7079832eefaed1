//! Deletes what has expired, however much it is, even if some of it cannot be deleted.

use chrono::TimeDelta;
use serde_json::json;

use crate::{jobs::bulk_jobs::run, support::TestApp};

/// Adds counters of guesses that nobody has made for years.
fn add_old_counters(app: &TestApp, count: usize) {
    let columns = "throttles (kind, key_digest, failures, last_failure_at, blocked_until)";
    let sqlite = format!(
        "WITH RECURSIVE old (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM old WHERE number < {count})
         INSERT INTO {columns} SELECT 'old', CAST(printf('%032d', number) AS BLOB), 1, 0, 0 FROM old"
    );
    let postgres = format!(
        "INSERT INTO {columns} SELECT 'old', decode(lpad(number::text, 64, '0'), 'hex'), 1, 'epoch', 'epoch'
         FROM generate_series(1, {count}) AS old (number)"
    );
    app.change_database(&sqlite, &postgres);
}

fn count(app: &TestApp, table: &str) -> String {
    app.look_into_database(&format!("SELECT CAST(count(*) AS text) FROM {table}")).concat()
}

#[tokio::test]
async fn however_much_has_expired_is_forgotten_also_by_two_nodes_at_once() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    ann.try_password("wrong password").await.problem(401, "invalid_credentials");
    app.service().purge().await.unwrap();
    let kept = count(&app, "throttles");
    assert_ne!(kept, "0");
    add_old_counters(&app, 5_500);
    let (one, other) = (app.service(), app.service());
    let (one, other) = tokio::join!(one.purge(), other.purge());
    assert_eq!(one.unwrap() + other.unwrap(), 5_500);
    assert_eq!(count(&app, "throttles"), kept);
    assert_eq!(app.service().purge().await, Ok(0));
}

#[tokio::test]
async fn what_cannot_be_forgotten_keeps_nothing_else() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    run(&by, &account, json!({ "action": "unlock", "filter": { "all": true } })).await;
    account.set_mode("all_users").await;
    ann.sign_in().await;
    ann.login().await.challenge("totp");
    add_old_counters(&app, 10);
    let refuse = |table: &str| {
        app.change_database(
            &format!("CREATE TRIGGER stuck_{table} BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'stuck'); END"),
            &format!(
                "CREATE OR REPLACE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN RAISE EXCEPTION 'stuck'; END $$;
                 CREATE TRIGGER stuck BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION stuck()"
            ),
        );
    };
    // The first and the last.
    refuse("challenges");
    refuse("bulk_jobs");
    app.wait(TimeDelta::days(100));
    assert!(app.service().purge().await.is_err());
    for table in ["challenges", "bulk_jobs"] {
        assert_ne!(count(&app, table), "0");
    }
    for table in ["sessions", "refresh_tokens", "throttles", "known_sources"] {
        assert_eq!(count(&app, table), "0", "{table}");
    }
}
