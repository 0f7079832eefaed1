//! An import adds no more users than the account's plan allows.

use serde_json::json;

use super::{CSV, counts, errors, import, send};
use crate::support::{TestApp, in_parallel};

fn file(names: std::ops::Range<u32>) -> String {
    names.fold("username\n".to_owned(), |file, number| file + &format!("user {number}\n"))
}

#[tokio::test]
async fn the_first_ones_are_kept_and_the_others_are_told() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let root = app.platform_admin().await;
    root.patch(&account.path(""), json!({ "limits": { "max_users": 6 } })).await.ok(200);
    // A line that is wrong takes no place away.
    let lines = file(0..3) + "\u{7}\n" + "user 1\n" + &file(3..9)["username\n".len()..];
    let done = import(&admin, &account, CSV, lines.clone()).await;
    assert_eq!(counts(&done), (5, 1, 5));
    let told = errors(&admin, &account, &done).await;
    let codes: Vec<_> = told.iter().map(|(line, code, _)| (*line, code.as_str())).collect();
    let full = |line| (line, "limit_reached");
    assert_eq!(codes, [(5, "invalid"), full(9), full(10), full(11), full(12)]);
    assert_eq!(root.get(&account.path("")).await.ok(200)["user_count"], 6);

    // In a larger plan the same file adds the rest.
    root.patch(&account.path(""), json!({ "limits": { "max_users": null } })).await.ok(200);
    assert_eq!(counts(&import(&admin, &account, CSV, lines).await), (4, 6, 1));
    assert_eq!(root.get(&account.path("")).await.ok(200)["user_count"], 10);
}

#[tokio::test]
async fn also_while_others_add_users() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let root = app.platform_admin().await;
    root.patch(&account.path(""), json!({ "limits": { "max_users": 300 } })).await.ok(200);
    let import = send(&admin, &account, CSV, file(0..2_000)).await.ok(202);
    let session = admin.session().await;
    let path = account.path("/users");
    in_parallel(150, |number| session.post(&path, json!({ "username": format!("by hand {number}") }))).await;
    let done = super::finished(&admin, &account, &import).await;
    let (imported, _, failed) = counts(&done);
    assert_eq!(imported + failed, 2_000);
    assert_eq!(root.get(&account.path("")).await.ok(200)["user_count"], 300);
    assert_eq!(super::users(&admin, &account).await.len(), 299);
}
