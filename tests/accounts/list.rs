//! All accounts.

use chrono::TimeDelta;

use crate::support::{TestApp, all_pages};

#[tokio::test]
async fn a_platform_administrator_pages_through_them() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let mut expected = vec!["platform".to_owned()];
    for number in (0..7).rev() {
        let slug = format!("acme-{number}");
        // Ids are in the order of time, to the millisecond.
        app.wait(TimeDelta::milliseconds(1));
        app.account(&slug).await;
        expected.push(slug);
    }
    for limit in [1, 3, 8, 100] {
        let accounts = all_pages(&root, "/v1/accounts", limit).await;
        let slugs: Vec<_> = accounts.iter().map(|account| account["slug"].as_str().unwrap()).collect();
        assert_eq!(slugs, expected, "{limit} a page");
    }
    for query in ["limit=0", "cursor=YW5u", "slug=acme"] {
        root.get(&format!("/v1/accounts?{query}")).await.problem(400, "malformed_request");
    }
}

#[tokio::test]
async fn others_learn_no_other_account() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let problem = admin.get("/v1/accounts").await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "platform_administration");
}
