//! A preview of many users, page by page in each group.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{TestApp, User};

#[tokio::test]
async fn each_group_is_paged_by_itself() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    let mut users = Vec::new();
    for number in 0..10 {
        // Ids are in the order of time, to the millisecond.
        app.wait(TimeDelta::milliseconds(1));
        users.push(account.user(&format!("user {number}")).await);
    }
    // Seven are asked today, three of them have a device; then the last three, who have none, will be asked too.
    account.ask_only(&users[..7].iter().collect::<Vec<_>>()).await;
    for user in &users[..3] {
        user.sign_in().await;
    }
    let after: Vec<_> = users[..3].iter().chain(&users[7..]).map(User::id).collect();
    let policy = json!({ "mode": "selected_users", "user_ids": after });

    for (group, expected) in
        [("will_enroll", &users[7..]), ("already_enrolled", &users[..3]), ("no_longer_asked", &users[3..7])]
    {
        let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let path = account.path(&format!("/two-factor-policy/preview?limit=2{cursor}"));
            let preview = admin.post(&path, policy.clone()).await.ok(200);
            let group = &preview[group];
            assert_eq!(group["count"], expected.len(), "the count is that of all pages");
            let page = group["users"].as_array().unwrap();
            assert!(page.len() <= 2);
            found.extend(page.iter().map(|user| user["id"].as_str().unwrap().to_owned()));
            pages += 1;
            match group["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let expected: Vec<_> = expected.iter().map(User::id).collect();
        assert_eq!(
            (found.iter().map(String::as_str).collect::<Vec<_>>(), pages),
            (expected.clone(), expected.len().div_ceil(2))
        );
    }
}

#[tokio::test]
async fn a_page_is_asked_for_in_the_documented_form_only() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["account_settings"]).await;
    for query in ["limit=0", "limit=101", "limit=ten", "cursor=!", "cursor=YW5u", "page=2", "limit=1&limit=2"] {
        let path = account.path(&format!("/two-factor-policy/preview?{query}"));
        admin.post(&path, json!({ "mode": "all_users" })).await.problem(400, "malformed_request");
        let path = account.path(&format!("/two-factor-policy/users?{query}"));
        admin.get(&path).await.problem(400, "malformed_request");
    }
}
