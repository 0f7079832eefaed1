//! Deletes all rows of an account when its time has come.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Account, OTHER_PASSWORD, PASSWORD, TestApp, User, in_parallel};

fn is_sqlite(app: &TestApp) -> bool {
    app.config().store().url.starts_with("sqlite")
}

/// Table and column of everything that belongs to an account, as the database itself tells.
fn tables(app: &TestApp) -> Vec<(String, String)> {
    let columns = if is_sqlite(app) {
        "SELECT t.name || ' ' || c.name FROM sqlite_master t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND c.name IN ('account_id', 'of_account')"
    } else {
        "SELECT table_name || ' ' || column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name IN ('account_id', 'of_account')"
    };
    let split = |text: String| text.split_once(' ').map(|(one, other)| (one.to_owned(), other.to_owned())).unwrap();
    app.look_into_database(columns).into_iter().map(split).collect()
}

/// The tables that have rows of the account.
fn filled(app: &TestApp, account: &Account) -> BTreeSet<String> {
    let id = if is_sqlite(app) { format!("x'{}'", account.id.replace('-', "")) } else { format!("'{}'", account.id) };
    let has_rows = |(table, column): &(String, String)| {
        let rows = format!("SELECT CAST(count(*) AS TEXT) FROM {table} WHERE {column} = {id}");
        app.look_into_database(&rows) != ["0"]
    };
    tables(app).into_iter().filter(has_rows).map(|(table, _)| table).collect()
}

/// An account with a row in every table.
async fn full_account(app: &TestApp, slug: &str) -> Account {
    let account = app.account(slug).await;
    let root = app.platform_admin().await;
    let admin = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    let ann = account.user("ann").await;
    account.ask_only(&[&ann]).await;
    ann.sign_in().await.refresh_as("one").await.ok(200);
    ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    app.wait_for_next_code();
    ann.login().await.challenge("totp").code(&ann.phone().wrong_code()).await.problem(401, "invalid_code");
    account.invited(json!({ "username": "invited", "email": "invited@example.org" })).await;
    let session = admin.session().await;

    let role = session.post(&account.path("/roles"), json!({ "name": "R", "permissions": ["user_permissions"] })).await;
    let roles = json!({ "role_ids": [role.ok(201)["id"]] });
    let path = account.path(&format!("/users/{}/roles", ann.id()));
    session.call("PUT", &path).json(&roles).send().await.ok(200);

    let draft = json!({
        "name": "Strict", "strength": "basic", "expires_after_days": 10, "remember_last": 3, "forbidden_words": ["acme"]
    });
    let policy = session.post(&account.path("/password-policies"), draft).await.ok(201);
    let path = account.path(&format!("/password-policies/{}/assignments", policy["id"].as_str().unwrap()));
    let assigned = json!({
        "user_ids": [admin.id(), ann.id()], "permissions": ["account_settings"], "role_ids": roles["role_ids"]
    });
    session.call("PUT", &path).json(&assigned).send().await.ok(200);
    let change = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    session.post("/v1/me/password", change).await;
    admin.remember_password(OTHER_PASSWORD);
    let job = json!({ "action": "enable", "users": [ann.id()] });
    session.post(&account.path("/users:bulk"), job).await.ok(202);
    let keyed = session.call("POST", &account.path("/users")).header("idempotency-key", "one");
    keyed.json(&json!({ "username": "keyed" })).send().await.ok(201);

    let import = session.call("POST", &account.path("/user-imports"));
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let file = format!("username,totp_secret\nimported,{secret}\nimported,\n\u{7},\n");
    import.file("text/csv", file).send().await.ok(202);
    let since = std::time::Instant::now();
    while !filled(app, &account).contains("user_import_errors") {
        assert!(since.elapsed() < Duration::from_secs(60), "the file is not imported");
        crate::support::process::pause(Duration::from_millis(5));
    }
    account.program("program", &["user_permissions"]).await;
    // Who is asked later than the others has until later.
    account.ask_only(&[&ann, &admin]).await;
    app.service().take_two_factor_snapshots().await.unwrap();
    // Reminders are queued; a file that comes while nobody works on it waits.
    app.wait(TimeDelta::days(8));
    app.service().queue_password_reminders().await.unwrap();
    root.act(&account.path("/actions/suspend")).await.empty(204);
    let home = root.get("/v1/me").await.ok(200)["account"]["id"].as_str().unwrap().to_owned();
    let draft = json!({ "name": slug, "permissions": ["platform_administration"] });
    let key = root.post(&format!("/v1/accounts/{home}/api-keys"), draft).await.ok(201);
    let waits = app.call("POST", &account.path("/user-imports")).bearer(key["secret"].as_str().unwrap());
    waits.file("text/csv", "username\nwaits\n").send().await.ok(202);
    account
}

#[tokio::test]
async fn no_row_of_it_is_left_in_any_table_and_others_keep_theirs() {
    let app = TestApp::start().await;
    let (account, other) = (full_account(&app, "acme").await, full_account(&app, "other").await);
    let all: BTreeSet<String> = tables(&app).into_iter().map(|(table, _)| table).collect();
    assert_eq!(filled(&app, &account), all, "this test has a row for every table");
    let root = app.platform_admin().await;
    root.delete(&account.path("?delay_days=1")).await.ok(202);
    app.wait(TimeDelta::days(2));
    let kept = filled(&app, &other);
    assert_eq!(app.service().purge_accounts().await, Ok(1));
    assert_eq!(filled(&app, &account), BTreeSet::new());
    assert_eq!(filled(&app, &other), kept);
    assert_eq!(app.service().purge_accounts().await, Ok(0));
    root.get(&account.path("")).await.problem(404, "not_found");
    root.act(&other.path("/actions/resume")).await.empty(204);
    other_goes_on(&other, &root).await;
}

/// The file that waited is imported, into the account that it is for.
async fn other_goes_on(other: &Account, root: &User) {
    let since = std::time::Instant::now();
    while root.get(&other.path("")).await.ok(200)["user_count"] != 6 {
        assert!(since.elapsed() < Duration::from_secs(60), "the file is not imported");
        crate::support::process::pause(Duration::from_millis(5));
    }
    assert_eq!(root.get(&other.path("/users?limit=100")).await.ok(200)["items"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn an_account_that_cannot_be_deleted_does_not_keep_others_waiting() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let (stuck, other) = (app.account("stuck").await, app.account("other").await);
    stuck.user("stuck").await;
    other.user("ann").await;
    app.change_database(
        "CREATE TRIGGER stuck BEFORE DELETE ON users WHEN old.username = 'stuck'
         BEGIN SELECT RAISE(ABORT, 'stuck'); END",
        "CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN IF OLD.username = 'stuck' THEN RAISE EXCEPTION 'stuck'; END IF; RETURN OLD; END $$;
         CREATE TRIGGER stuck BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION stuck()",
    );
    for account in [&stuck, &other] {
        root.delete(&account.path("?delay_days=1")).await.ok(202);
    }
    app.wait(TimeDelta::days(2));
    assert!(app.service().purge_accounts().await.is_err());
    root.get(&other.path("")).await.problem(404, "not_found");
    assert_eq!(root.get(&stuck.path("")).await.ok(200)["status"], "deleting");
}

#[tokio::test]
async fn what_was_broken_off_is_gone_on_with_and_is_not_undone() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let lines: Vec<_> = (0..3_000).map(|number| format!("user {number}")).collect();
    let file = format!("username\n{}\n", lines.join("\n"));
    let session = root.session().await;
    let import = session.call("POST", &account.path("/user-imports")).file("text/csv", file);
    import.send().await.ok(202);
    let since = std::time::Instant::now();
    while root.get(&account.path("")).await.ok(200)["user_count"] != 3_000 {
        assert!(since.elapsed() < Duration::from_secs(60), "the file is not imported");
        crate::support::process::pause(Duration::from_millis(20));
    }
    root.delete(&account.path("?delay_days=1")).await.ok(202);
    app.wait(TimeDelta::days(2));
    // Whoever deletes is gone again and again: what was begun stays done.
    let mut left = Vec::new();
    while root.get(&account.path("")).await.status == 200 {
        // Runs into the deadline nearly always, which comes later each time; once it does not.
        let patience = Duration::from_millis(u64::try_from(left.len() % 60).unwrap() + 1);
        let _ended = tokio::time::timeout(patience, app.service().purge_accounts()).await;
        root.act(&account.path("/actions/undelete")).await.json();
        let rows = "SELECT CAST(count(*) AS TEXT) FROM user_names";
        left.push(app.look_into_database(rows)[0].parse::<u32>().unwrap());
        assert!(left.len() < 2_000, "{left:?}");
    }
    assert!(left.is_sorted_by(|one, other| one >= other), "nothing comes back: {left:?}");
    assert!(left.iter().any(|left| (2..3_000).contains(left)), "it was broken off in between: {left:?}");
    assert_eq!(filled(&app, &account), BTreeSet::new());
}

#[tokio::test]
async fn two_nodes_do_it_at_once() {
    let app = TestApp::start().await;
    let node = app.another_node().await;
    let root = app.platform_admin().await;
    for number in 0..6 {
        let account = app.account(&format!("account-{number}")).await;
        account.user("ann").await;
        root.delete(&account.path("?delay_days=1")).await.ok(202);
    }
    app.wait(TimeDelta::days(2));
    let services = [app.service(), node.client().service()];
    let purged = in_parallel(4, |number| services[number % 2].purge_accounts()).await;
    assert_eq!(purged.into_iter().map(Result::unwrap).sum::<usize>(), 6);
    assert_eq!(root.get("/v1/accounts").await.ok(200)["items"].as_array().unwrap().len(), 1);
}
