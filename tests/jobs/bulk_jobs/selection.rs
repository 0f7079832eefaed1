//! Selects the users of a job: a list, or the users whom a filter finds when it begins.

use serde_json::json;

use super::{counts, outcomes, preview, run};
use crate::support::TestApp;

#[tokio::test]
async fn each_filter_of_the_users_page_finds_the_same_users_here() {
    let app = TestApp::with(|config| config.throttle.password_of_user.free = Some(2)).await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions", "account_settings", "password_management"]).await;
    let (ann, bob) = (account.user("ann").await, account.user("bob").await);
    account.invited(json!({ "username": "cleo", "display_name": "Anna Cleo" })).await;
    let dora = account.user_with("dora", &["account_settings"]).await;
    let draft = json!({ "name": "Support", "permissions": ["password_management"] });
    let root = app.platform_admin().await;
    let role = root.post(&account.path("/roles"), draft).await.ok(201)["id"].as_str().unwrap().to_owned();
    root.put(&account.path(&format!("/users/{}/roles", bob.id())), json!({ "role_ids": [role] })).await.ok(200);
    account.ask_only(&[&ann, &bob]).await;
    ann.sign_in().await;
    account.act_on(&bob, "require-password-change").await.empty(204);
    account.act_on(&dora, "disable").await.empty(204);
    for _ in 0..3 {
        ann.try_password("wrong").await;
    }
    for (filter, query) in [
        (json!({ "all": true }), String::new()),
        (json!({ "q": "ann" }), "q=ann".to_owned()),
        (json!({ "status": "active" }), "status=active".to_owned()),
        (json!({ "status": "disabled" }), "status=disabled".to_owned()),
        (json!({ "two_factor": "not_asked" }), "two_factor=not_asked".to_owned()),
        (json!({ "two_factor": "not_enrolled" }), "two_factor=not_enrolled".to_owned()),
        (json!({ "two_factor": "enrolled" }), "two_factor=enrolled".to_owned()),
        (json!({ "two_factor": "asleep" }), "two_factor=asleep".to_owned()),
        (json!({ "password": "valid" }), "password=valid".to_owned()),
        (json!({ "password": "change_required" }), "password=change_required".to_owned()),
        (json!({ "password": "not_set" }), "password=not_set".to_owned()),
        (json!({ "locked": true }), "locked=true".to_owned()),
        (json!({ "locked": false }), "locked=false".to_owned()),
        (json!({ "permission": "account_settings" }), "permission=account_settings".to_owned()),
        (json!({ "permission": "password_management" }), "permission=password_management".to_owned()),
        (json!({ "role": role }), format!("role={role}")),
        (json!({ "q": "ann", "status": "active", "locked": true }), "q=ann&status=active&locked=true".to_owned()),
    ] {
        let page = by.get(&account.path(&format!("/users?limit=100&{query}"))).await.ok(200);
        let mut expected: Vec<&str> =
            page["items"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect();
        expected.sort_unstable();
        // Something that changes nobody, or the next filter would find others.
        let job = json!({ "action": "revoke_permissions", "permissions": ["crm.nothing.read"], "filter": filter });
        let done = run(&by, &account, job.clone()).await;
        let became = outcomes(&by, &account, &done).await;
        assert_eq!(became.keys().collect::<Vec<_>>(), expected, "{filter}");
        assert!(became.values().all(|what| what == "unchanged"), "{became:?}");
        assert_eq!(done["filter"], filter);
        let counted = preview(&by, &account, job).await.ok(200);
        assert_eq!(counted, json!({ "action": "revoke_permissions", "total": expected.len() }), "{filter}");
    }
    let none = run(&by, &account, json!({ "action": "disable", "filter": { "q": "nobody at all" } })).await;
    assert_eq!(counts(&none, "finished"), (0, 0, 0, 0));
}

mod slow {
    use serde_json::{Value, json};

    use super::super::{counts, crowd, order, run};
    use crate::support::TestApp;

    #[tokio::test]
    async fn what_the_job_does_to_the_first_does_not_decide_who_the_last_is() {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        let by = account.admin(&["user_permissions"]).await;
        crowd(&by, &account, 1_234).await;
        // Who is disabled does not fit the filter any more.
        let done =
            run(&by, &account, json!({ "action": "disable", "filter": { "status": "active", "q": "user-" } })).await;
        assert_eq!(counts(&done, "finished"), (1_234, 0, 0, 0));
        let done = run(&by, &account, json!({ "action": "enable", "filter": { "status": "disabled" } })).await;
        assert_eq!(counts(&done, "finished"), (1_234, 0, 0, 0));
    }

    #[tokio::test]
    async fn ten_thousand_users_can_be_listed() {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        let by = account.admin(&["user_permissions"]).await;
        let ids = crowd(&by, &account, 10_000).await;
        let reply = order(&by, &account, json!({ "action": "revoke_sessions", "users": ids })).await;
        let job: Value = reply.ok(202);
        assert_eq!((&job["total"], &job["status"], job.get("filter")), (&json!(10_000), &json!("queued"), None));
        let done = super::super::ended(&by, &account, &job).await;
        assert_eq!(counts(&done, "finished"), (0, 10_000, 0, 0));
    }
}
