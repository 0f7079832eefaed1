//! Lists the users of an account, page by page.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, all_pages};

fn names(users: &[Value]) -> Vec<&str> {
    users.iter().map(|user| user["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_hold_every_user_once_oldest_first() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    other.user("stranger").await;
    let admin = account.admin(&["user_permissions"]).await;
    let mut expected = vec![admin.username().to_owned()];
    // Not the order of names.
    for number in (0..20).rev() {
        let name = format!("user {number:02}");
        // Ids are in the order of time, to the millisecond.
        app.wait(TimeDelta::milliseconds(1));
        account.invited(json!({ "username": name })).await;
        expected.push(name);
    }
    for limit in [1, 2, 7, 21, 100] {
        let users = all_pages(&admin, &account.path("/users"), limit).await;
        assert_eq!(names(&users), expected, "{limit} a page");
    }
    let page = admin.get(&account.path("/users")).await.ok(200);
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next_cursor"]), (21, &Value::Null));
    let user = &page["items"][3];
    let path = account.path(&format!("/users/{}", user["id"].as_str().unwrap()));
    assert_eq!(*user, admin.get(&path).await.ok(200), "a list shows users as they are");
}

#[tokio::test]
async fn users_who_come_meanwhile_move_nobody_to_another_page() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    for number in 0..5 {
        app.wait(TimeDelta::milliseconds(1));
        account.invited(json!({ "username": format!("user {number}") })).await;
    }
    let (mut seen, mut path) = (Vec::new(), account.path("/users?limit=2"));
    for round in 0.. {
        let page = admin.get(&path).await.ok(200);
        seen.extend(names(page["items"].as_array().unwrap()).into_iter().map(str::to_owned));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = account.path(&format!("/users?limit=2&cursor={cursor}"));
        if round < 3 {
            app.wait(TimeDelta::milliseconds(1));
            account.invited(json!({ "username": format!("later {round}") })).await;
        }
    }
    let expected =
        ["administrator-0", "user 0", "user 1", "user 2", "user 3", "user 4", "later 0", "later 1", "later 2"];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_page_is_asked_for_in_the_documented_form_only() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=",
        "limit=1e1",
        "cursor=",
        "cursor=!",
        "cursor=YW5u",
        "cursor=%00",
        "page=2",
        "cursor=YW5u&cursor=YW5u",
    ] {
        admin.get(&account.path(&format!("/users?{query}"))).await.problem(400, "malformed_request");
    }
}
