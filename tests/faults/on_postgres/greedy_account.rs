//! What one account requests does not slow down the others. A test can hold up a statement of a server.

use std::time::{Duration, Instant};

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, dsl::sql, sql_types::BigInt};
use serde_json::{Value, json};

use crate::support::{Account, TestApp, User, in_parallel, postgres::NEEDS_POSTGRES};

/// The database of the service.
fn server(app: &TestApp) -> String {
    let url = app.config().store().url;
    assert!(url.starts_with("postgres"), "{NEEDS_POSTGRES}");
    url
}

/// Asks for as many of these previews as a client may, while each waits for `table`; the other account is served meanwhile.
async fn previews_keep_nobody_waiting(
    url: &str,
    table: &str,
    by: &User,
    path: &str,
    draft: &Value,
    other: (&User, &Account),
) {
    by.post(path, draft.clone()).await.ok(200);
    let session = by.session().await;
    let (by_other, other) = other;
    // Signed in already: to sign in, too, the policy is read.
    by_other.session().await;
    let mut holder = PgConnection::establish(url).unwrap();
    holder.batch_execute(&format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).unwrap();
    let mut observer = PgConnection::establish(url).unwrap();
    let mut held_up = || {
        let waiting = "count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE \
             datname = current_database())";
        sql::<BigInt>(&format!("SELECT {waiting}")).get_result::<i64>(&mut observer).unwrap()
    };
    let meanwhile = async {
        let since = Instant::now();
        while held_up() == 0 {
            assert!(since.elapsed() < Duration::from_secs(60), "no preview waits for {table}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        for _ in 0..50 {
            by_other.get(&other.path("/roles")).await.ok(200);
            assert!(held_up() <= 1, "an account has one connection at a time for what takes long");
        }
        holder.batch_execute("ROLLBACK").unwrap();
    };
    let (previews, ()) = tokio::join!(in_parallel(24, |_| session.post(path, draft.clone())), meanwhile);
    assert!(previews.iter().all(|preview| [200, 503].contains(&preview.status)));
    by.post(path, draft.clone()).await.ok(200);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn previews_of_a_two_factor_policy_keep_no_other_account_waiting() {
    let app = TestApp::start().await;
    let url = server(&app);
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let (by, by_other) = (account.admin(&["account_settings"]).await, other.admin(&["user_permissions"]).await);
    let ann = account.user("ann").await;
    account.ask_only(&[&ann]).await;
    let path = account.path("/two-factor-policy/preview");
    let draft = json!({ "mode": "all_users" });
    previews_keep_nobody_waiting(&url, "two_factor_policy_users", &by, &path, &draft, (&by_other, &other)).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn previews_of_a_password_policy_keep_no_other_account_waiting() {
    let app = TestApp::start().await;
    let url = server(&app);
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let (by, by_other) =
        (account.admin(&["account_settings", "password_management"]).await, other.admin(&["user_permissions"]).await);
    // With one policy alone nobody is looked for to whom another is assigned.
    let second = json!({ "name": "Second", "strength": "basic" });
    by.post(&account.path("/password-policies"), second).await.ok(201);
    let policies = by.get(&account.path("/password-policies")).await.ok(200);
    let policy = policies["items"][0].clone();
    let path = account.path(&format!("/password-policies/{}/preview", policy["id"].as_str().unwrap()));
    let draft = json!({ "name": "Basic", "strength": "basic", "expires_after_days": 10 });
    previews_keep_nobody_waiting(&url, "password_policy_users", &by, &path, &draft, (&by_other, &other)).await;
}
