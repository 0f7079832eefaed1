//! Lists accounts.

use chrono::TimeDelta;

use serde_json::json;

use crate::support::{TestApp, User, all_pages};

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
    for query in ["limit=0", "cursor=YW5u", "slug=acme", "status=gone", "q=%00", &format!("q={}", "x".repeat(101))] {
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

/// The slugs of the accounts that a query finds, in its order.
async fn found(root: &User, query: &str) -> Vec<String> {
    let page = root.get(&format!("/v1/accounts?{query}")).await.ok(200);
    page["items"].as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn they_are_found_by_the_beginning_of_slug_or_name_whatever_the_case() {
    let app = TestApp::start().await;
    for (slug, name) in [("acme", "Zürich 100%"), ("acme-2", "Ölmühle"), ("beta", "ACME & Söhne"), ("gamma", "A_me")]
    {
        app.wait(TimeDelta::milliseconds(1));
        app.account_named(slug, name).await;
    }
    let root = app.platform_admin().await;
    for (query, expected) in [
        ("q=acme", vec!["acme", "acme-2", "beta"]),
        ("q=%20ACME-%20", vec!["acme-2"]),
        ("q=z%C3%BCrich", vec!["acme"]),
        ("q=%C3%96L", vec!["acme-2"]),
        ("q=100", vec![]),
        ("q=%25", vec![]),
        ("q=a_", vec!["gamma"]),
        ("q=cme", vec![]),
        ("q=%20", vec!["platform", "acme", "acme-2", "beta", "gamma"]),
        ("q=acme&limit=2", vec!["acme", "acme-2"]),
    ] {
        assert_eq!(found(&root, query).await, expected, "{query}");
    }
    // Another name is found at once, the old one no more.
    let beta = root.get("/v1/accounts?q=beta").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    root.patch(&format!("/v1/accounts/{beta}"), json!({ "name": "Ölbaum" })).await.ok(200);
    assert_eq!(found(&root, "q=acme").await, ["acme", "acme-2"]);
    assert_eq!(found(&root, "q=%C3%B6l").await, ["acme-2", "beta"]);
    // A page goes on where the one before ended, with the same search.
    let page = root.get("/v1/accounts?q=acme&limit=1").await.ok(200);
    let next = format!("q=acme&limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(found(&root, &next).await, ["acme-2"]);
}

#[tokio::test]
async fn they_are_filtered_by_what_becomes_of_them() {
    let app = TestApp::start().await;
    app.wait(TimeDelta::milliseconds(1));
    let (suspended, deleting) = (app.account("suspended").await, app.account("deleting").await);
    app.account("active").await;
    let root = app.platform_admin().await;
    root.act(&suspended.path("/actions/suspend")).await.empty(204);
    root.delete(&deleting.path("")).await.ok(202);
    assert_eq!(found(&root, "status=active").await, ["platform", "active"]);
    assert_eq!(found(&root, "status=suspended").await, ["suspended"]);
    assert_eq!(found(&root, "status=deleting").await, ["deleting"]);
    assert_eq!(found(&root, "status=deleting&q=s").await, [""; 0]);
    assert_eq!(found(&root, "status=suspended&q=S").await, ["suspended"]);
}
