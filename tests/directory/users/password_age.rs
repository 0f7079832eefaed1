//! The filters of the users page by password age. The report on passwords tests that they agree with each user's own
//! page, under every policy.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn by_when_the_password_expires() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let policies = root.get(&account.path("/password-policies")).await.ok(200);
    let path = account.path(&format!("/password-policies/{}", policies["items"][0]["id"].as_str().unwrap()));
    let policy = json!({ "name": "Basic", "strength": "basic", "expires_after_days": 90 });
    root.put(&path, policy).await.ok(200);
    for name in ["first", "second", "third"] {
        account.user(name).await;
        app.wait(TimeDelta::days(30));
    }
    let must = account.user("must").await;
    account.act_on(&must, "require-password-change").await.empty(204);
    account.invited(json!({ "username": "invited" })).await;
    // The first is expired since now, the others have 30 and 60 days.
    for (filter, expected) in [
        ("password=expired", &["first"][..]),
        ("password=expiring", &[]),
        ("password=expiring&expiring_within_days=29", &[]),
        ("password=expiring&expiring_within_days=30", &["second"]),
        ("password=expiring&expiring_within_days=366", &["second", "third"]),
        ("password=valid", &["second", "third"]),
        ("password=valid&expiring_within_days=59", &["third"]),
        ("password=valid&expiring_within_days=60", &[]),
        ("password=change_required", &["must"]),
        ("password=not_set", &["invited"]),
    ] {
        let page = root.get(&account.path(&format!("/users?sort=username&{filter}"))).await.ok(200);
        let names: Vec<_> = page["items"].as_array().unwrap().iter().map(|user| user["username"].clone()).collect();
        assert_eq!(names, expected.iter().map(|name| json!(name)).collect::<Vec<Value>>(), "{filter}");
    }
    app.wait(TimeDelta::days(16));
    let page = root.get(&account.path("/users?password=expiring")).await.ok(200);
    assert_eq!(page["items"][0]["username"], "second");
    assert_eq!(page["items"][0]["password"]["status"], "expiring");
    for wrong in [
        "password=expiring&expiring_within_days=0",
        "password=expiring&expiring_within_days=367",
        "password=expiring&expiring_within_days=soon",
        "password=expired&expiring_within_days=7",
        "expiring_within_days=7",
        "password=expires",
    ] {
        root.get(&account.path(&format!("/users?{wrong}"))).await.problem(400, "malformed_request");
    }
}
