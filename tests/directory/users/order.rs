//! The order of the users page, and its cursors.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Account, TestApp, User};

async fn all(admin: &User, account: &Account, query: &str, limit: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = account.path(&format!("/users?{query}&limit={limit}{cursor}"));
        let page = admin.get(&path).await.ok(200);
        names
            .extend(page["items"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return names,
        }
    }
}

#[tokio::test]
async fn users_come_in_the_order_that_was_asked_for() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let mut created = vec![admin.username().to_owned()];
    for name in ["zoe", "Ann", "bob", "Émile", "_under", "ann 2", "Жанна", "10", "9"] {
        app.wait(TimeDelta::milliseconds(1));
        account.invited(json!({ "username": name })).await;
        created.push(name.to_owned());
    }
    // By code points of the folded name, on every database.
    let named = ["10", "9", "_under", admin.username(), "Ann", "ann 2", "bob", "zoe", "Émile", "Жанна"];
    let mut sorted: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
    sorted.sort_by_key(|name| name.to_lowercase());
    for limit in [1, 3, 10, 100] {
        assert_eq!(all(&admin, &account, "sort=created_at", limit).await, created);
        assert_eq!(all(&admin, &account, "sort=username", limit).await, sorted);
        let backwards = |names: &[String]| names.iter().rev().cloned().collect::<Vec<_>>();
        assert_eq!(all(&admin, &account, "sort=-created_at", limit).await, backwards(&created));
        assert_eq!(all(&admin, &account, "sort=-username", limit).await, backwards(&sorted));
    }
    admin.get(&account.path("/users?sort=email")).await.problem(400, "malformed_request");
}

#[tokio::test]
async fn a_cursor_belongs_to_the_query_that_gave_it() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let root = app.platform_admin().await;
    for account in [&account, &other] {
        for name in ["ann", "anna", "anne"] {
            account.invited(json!({ "username": name })).await;
        }
    }
    let page = root.get(&account.path("/users?q=ann&sort=username&limit=1")).await.ok(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    let ask = |account: &Account, query: &str| account.path(&format!("/users?{query}&cursor={cursor}"));
    // The size of a page may change on the way.
    let next = root.get(&ask(&account, "q=ann&sort=username&limit=2")).await.ok(200);
    assert_eq!((&next["items"][0]["username"], &next["next_cursor"]), (&json!("anna"), &Value::Null));
    for query in [
        "q=ann",
        "q=anna&sort=username",
        "sort=username",
        "q=ann&sort=-username",
        "q=ann&sort=username&status=active",
        "q=ann&sort=username&locked=false",
    ] {
        root.get(&ask(&account, query)).await.problem(400, "malformed_request");
    }
    root.get(&ask(&other, "q=ann&sort=username")).await.problem(400, "malformed_request");
}
