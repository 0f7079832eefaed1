//! No job does what its creator could not do directly.

use serde_json::{Value, json};

use super::{counts, order, outcomes, preview, run};
use crate::support::TestApp;

#[tokio::test]
async fn nobody_grants_what_they_do_not_hold() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let (ann, root) = (account.user("ann").await, app.platform_admin().await);
    let draft = json!({ "name": "Settings", "permissions": ["account_settings"] });
    let role = root.post(&account.path("/roles"), draft).await.ok(201)["id"].clone();
    for order_of in [
        json!({ "action": "grant_permissions", "permissions": ["account_settings"], "users": [ann.id()] }),
        json!({ "action": "grant_permissions", "permissions": ["account_settings"], "filter": { "all": true } }),
        json!({ "action": "assign_roles", "role_ids": [role], "users": [ann.id(), by.id()] }),
    ] {
        for reply in [order(&by, &account, order_of.clone()).await, preview(&by, &account, order_of).await] {
            assert_eq!(reply.problem(403, "permission_required")["permission"], "account_settings");
        }
    }
    let above =
        json!({ "action": "grant_permissions", "permissions": ["platform_administration"], "users": [ann.id()] });
    order(&root, &account, above).await.problem(422, "validation_failed");
    assert_eq!(account.look_at(&ann).await["permissions"], json!([]));

    // What is one's own to give is given.
    let own = json!({ "action": "grant_permissions", "permissions": ["user_permissions"], "users": [ann.id()] });
    assert_eq!(counts(&run(&by, &account, own).await, "finished"), (1, 0, 0, 0));
}

#[tokio::test]
async fn what_a_role_carries_is_looked_at_when_it_is_assigned() {
    let mut app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    let root = app.platform_admin().await;
    super::crowd(&by, &account, 150).await;
    app.pause_workers().await;
    let role = by.post(&account.path("/roles"), json!({ "name": "R", "permissions": [] })).await.ok(201)["id"].clone();
    let job = json!({ "action": "assign_roles", "role_ids": [role], "filter": { "q": "user-" } });
    let job = order(&by, &account, job).await.ok(202);
    let more = json!({ "name": "R", "permissions": ["password_management"] });
    root.put(&account.path(&format!("/roles/{}", role.as_str().unwrap())), more).await.ok(200);
    app.resume_workers().await;
    let done = super::ended(&by, &account, &job).await;
    assert_eq!(counts(&done, "finished"), (0, 0, 150, 0));
    let why: Value = by.get(&format!("{}/outcomes?limit=1", super::path(&account, &job))).await.ok(200);
    assert_eq!(why["items"][0]["code"], "permission_required");
    assert_eq!(super::listed(&by, &account, "permission=password_management").await, 0);
}

#[tokio::test]
async fn an_administrator_of_the_platform_is_not_touched_from_below() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let platform = root.get("/v1/accounts").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let users = format!("/v1/accounts/{platform}/users");
    let helper = json!({ "username": "helper", "permissions": ["user_permissions"] });
    let helper = root.post(&users, helper).await.ok(201);
    let code = helper["activation"]["code"].as_str().unwrap();
    let by =
        crate::support::User::created(app.client(), "platform", "helper", helper["user"]["id"].as_str().unwrap(), code);
    by.activate(code).await.empty(204);
    for action in ["disable", "reset_two_factor", "send_activation", "revoke_sessions", "delete", "unlock", "enable"] {
        let job = json!({ "action": action, "filter": { "q": "root" } });
        let job = by.post(&format!("{users}:bulk"), job).await.ok(202);
        let path = format!("/v1/accounts/{platform}/bulk-jobs/{}", job["id"].as_str().unwrap());
        let done = loop {
            let now = by.get(&path).await.ok(200);
            if !now["finished_at"].is_null() {
                break now;
            }
            crate::support::process::pause(std::time::Duration::from_millis(2));
        };
        assert_eq!(counts(&done, "finished"), (0, 0, 1, 0), "{action}");
        let outcome = by.get(&format!("{path}/outcomes")).await.ok(200);
        assert_eq!(outcome["items"][0]["code"], "permission_required", "{action}: {outcome}");
    }
    root.session().await.me().await.ok(200);
}

#[tokio::test]
async fn a_filter_finds_nobody_of_another_account() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let by = account.admin(&["user_permissions"]).await;
    let stranger = other.user("user of another").await;
    let ann = account.user("user of this").await;
    let done = run(&by, &account, json!({ "action": "disable", "filter": { "q": "user of" } })).await;
    assert_eq!(outcomes(&by, &account, &done).await.into_keys().collect::<Vec<_>>(), ["user of this"]);
    assert_eq!(account.look_at(&ann).await["status"], "disabled");
    assert_eq!(other.look_at(&stranger).await["status"], "active");
    order(&by, &other, json!({ "action": "disable", "filter": { "all": true } })).await.problem(404, "not_found");
    by.get(&other.path(&format!("/bulk-jobs/{}", done["id"].as_str().unwrap()))).await.problem(404, "not_found");
    // Nor is a job read or stopped under the path of another account by who may be there.
    let root = app.platform_admin().await;
    let elsewhere = other.path(&format!("/bulk-jobs/{}", done["id"].as_str().unwrap()));
    root.get(&elsewhere).await.problem(404, "not_found");
    root.get(&format!("{elsewhere}/outcomes")).await.problem(404, "not_found");
    root.act(&format!("{elsewhere}/actions/cancel")).await.problem(404, "not_found");
    root.act(&format!("{elsewhere}/actions/take-activations")).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_key_that_a_key_has_made_shrinks_with_it_in_jobs_too() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let all = ["api_keys", "user_permissions", "account_settings"];
    let maker = account.program("maker", &all).await;
    let draft = json!({ "name": "made", "permissions": ["user_permissions", "account_settings"] });
    let made = maker.with_body(maker.create(&account, draft).await.ok(201));
    let above = account.user_with("above", &["account_settings"]).await;
    let order = json!({ "action": "send_activation", "users": [above.id()] });
    let root = app.platform_admin().await;
    let job = made.post(&account.path("/users:bulk"), order.clone()).await.ok(202);
    counts_are(&super::ended(&root, &account, &job).await, (1, 0, 0, 0));

    let less = json!({ "name": "maker", "permissions": ["api_keys", "user_permissions"] });
    root.put(&maker.path(""), less).await.ok(200);
    let single = account.path(&format!("/users/{}/actions/send-activation", above.id()));
    made.post(&single, json!({})).await.problem(403, "permission_required");
    let job = made.post(&account.path("/users:bulk"), order).await.ok(202);
    counts_are(&super::ended(&root, &account, &job).await, (0, 0, 1, 0));
}

fn counts_are(job: &Value, expected: (u64, u64, u64, u64)) {
    assert_eq!(counts(job, "finished"), expected, "{job}");
}
