//! Records who did what to whom, and what changed.

use serde_json::{Value, json};

use super::{actions, events, events_of};
use crate::support::{OTHER_PASSWORD, TestApp};

#[tokio::test]
async fn an_event_says_who_did_what_to_whom_from_where_and_when() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user_with("ann", &["user_permissions", "account_settings"]).await;
    let bob = account.user("bob").await;
    let session = ann.session().await;
    let path = account.path(&format!("/users/{}/permissions", bob.id()));
    let call = session.call("PUT", &path).json(&json!({ "permissions": ["account_settings"] }));
    let call = call.header("user-agent", "a script").header("x-request-id", "trace-7");
    let reply = call.send().await;
    reply.ok(200);
    let all = events(&app, &account).await;
    let event = all.last().unwrap();
    let expected = json!({
        "account_id": account.id,
        "sequence": all.len(),
        "occurred_at": "2027-01-15T08:00:15.000000Z",
        "actor": { "kind": "user", "account_id": account.id, "id": ann.id(), "name": "ann" },
        "action": "user.permissions_changed",
        "target": { "kind": "user", "id": bob.id(), "name": "bob" },
        "outcome": "success",
        "source": { "address": "127.0.0.1", "user_agent": "a script", "request_id": "trace-7" },
        "details": { "granted": ["account_settings"] },
        "hash": event["hash"],
    });
    assert_eq!(*event, expected);
}

#[tokio::test]
async fn the_chain_of_an_account_begins_with_its_creation_and_the_platform_knows_of_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let all = events(&app, &account).await;
    assert_eq!(actions(&all), ["account.created"]);
    assert_eq!(all[0]["actor"]["name"], "root");
    assert_ne!(all[0]["actor"]["account_id"], json!(account.id), "the actor belongs to the platform");
    assert_eq!(all[0]["target"], json!({ "kind": "account", "id": account.id, "name": "acme" }));
    let root = app.platform_admin().await;
    let platform = all[0]["actor"]["account_id"].as_str().unwrap();
    let page = root.get(&format!("/v1/accounts/{platform}/audit-events?action=account.created")).await.ok(200);
    let created: Vec<_> = page["items"].as_array().unwrap().iter().map(|event| &event["target"]["name"]).collect();
    assert_eq!(created, ["acme", "platform"]);
    let first = root.get(&format!("/v1/accounts/{platform}/audit-events?action=user.created")).await.ok(200);
    assert_eq!(first["items"][0]["actor"]["kind"], "operator");
    assert_eq!(first["items"][0]["target"]["name"], "root");
}

#[tokio::test]
async fn what_changed_is_told_from_what_to_what() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let details = |events: Vec<Value>| {
        assert_eq!(events.len(), 1, "{events:?}");
        events[0]["details"].clone()
    };

    let ann = account.user("ann").await;
    let path = account.path(&format!("/users/{}", ann.id()));
    let change = json!({ "username": "anna", "display_name": "Anna Secret", "email": "anna@example.org" });
    let told = details(events_of(&app, &account, root.patch(&path, change)).await);
    // Of other names only that they changed: what is written here stays when the user is gone.
    assert_eq!(told["username"], json!({ "before": "ann", "after": "anna" }));
    assert_eq!(told["changed"], json!(["display_name", "email"]));

    let mode = json!({ "mode": "selected_users", "user_ids": [ann.id()] });
    let told = details(events_of(&app, &account, account.set_policy(mode)).await);
    assert_eq!(told["mode"], json!({ "before": "disabled", "after": "selected_users" }));
    assert_eq!(told["users_added"], json!([ann.id()]));

    let role = root.post(&account.path("/roles"), json!({ "name": "Helper", "permissions": [] })).await.ok(201);
    let path = account.path(&format!("/roles/{}", role["id"].as_str().unwrap()));
    let draft = json!({ "name": "Support", "permissions": ["account_settings"] });
    let told = details(events_of(&app, &account, root.put(&path, draft)).await);
    assert_eq!(told["name"], json!({ "before": "Helper", "after": "Support" }));
    assert_eq!(told["granted"], json!(["account_settings"]));

    let draft = json!({ "name": "Staff", "strength": "basic" });
    let policy = root.post(&account.path("/password-policies"), draft).await.ok(201);
    let path = account.path(&format!("/password-policies/{}", policy["id"].as_str().unwrap()));
    let draft =
        json!({ "name": "Staff", "strength": "basic", "expires_after_days": 90, "forbidden_words": ["Coyote"] });
    let told = details(events_of(&app, &account, root.put(&path, draft)).await);
    assert_eq!(told["expires_after_days"], json!({ "before": null, "after": 90 }));
    assert_eq!(told["forbidden_words"], json!({ "before": 0, "after": 1 }));
    assert_eq!(told["forbidden_words_changed"], true);
    assert_eq!(told.get("strength"), None, "what stays is not told: {told}");
}

#[tokio::test]
async fn what_changes_nothing_leaves_nothing() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let ann = account.user("ann").await;
    ann.sign_in().await;
    let permissions = account.path(&format!("/users/{}/permissions", ann.id()));
    let roles = account.path(&format!("/users/{}/roles", ann.id()));
    let user = account.path(&format!("/users/{}", ann.id()));
    ann.try_password("wrong").await.problem(401, "invalid_credentials");
    let each_of = async || {
        root.put(&permissions, json!({ "permissions": ["account_settings"] })).await.ok(200);
        root.put(&roles, json!({ "role_ids": [] })).await.ok(200);
        root.patch(&user, json!({ "display_name": "Ann" })).await.ok(200);
        for action in ["unlock", "revoke-sessions", "reset-two-factor", "require-password-change", "disable"] {
            account.act_on(&ann, action).await.empty(204);
        }
    };
    let first = events_of(&app, &account, each_of()).await;
    let expected = [
        "user.permissions_changed",
        "user.updated",
        "user.unlocked",
        "user.sessions_revoked",
        "two_factor.reset",
        "password.change_required",
        "user.disabled",
    ];
    assert_eq!(actions(&first), expected);
    let again = events_of(&app, &account, each_of()).await;
    assert_eq!(actions(&again), [""; 0]);
}

#[tokio::test]
async fn a_repeated_request_with_its_idempotency_key_leaves_one_event() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = app.platform_admin().await.session().await;
    let create = || {
        let call = session.call("POST", &account.path("/users")).header("idempotency-key", "once");
        call.json(&json!({ "username": "ann" })).send()
    };
    let left = events_of(&app, &account, async {
        create().await.ok(201);
        create().await.ok(201);
    });
    assert_eq!(actions(&left.await), ["user.created", "activation.issued"]);
}

#[tokio::test]
async fn an_import_leaves_its_beginning_and_its_counts_and_nothing_of_each_user() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let file = "username\nann\nbob\n\u{7}\n";
    let left = events_of(&app, &account, async {
        let session = root.session().await;
        let call = session.call("POST", &account.path("/user-imports")).file("text/csv", file);
        let import = call.send().await.ok(202);
        let path = account.path(&format!("/user-imports/{}", import["id"].as_str().unwrap()));
        while root.get(&path).await.ok(200)["finished_at"].is_null() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(actions(&left), ["user_import.started", "user_import.finished"]);
    assert_eq!(left[0]["actor"]["name"], "root");
    assert_eq!(left[0]["details"], json!({ "format": "csv", "records": 3 }));
    assert_eq!(left[1]["actor"]["kind"], "system");
    assert_eq!(left[1]["target"], left[0]["target"]);
    assert_eq!(left[1]["details"], json!({ "imported": 2, "unchanged": 0, "failed_lines": 1 }));
}

#[tokio::test]
async fn a_password_that_breaches_could_not_be_asked_for_is_told() {
    // Nobody listens there.
    let app = TestApp::with(|config| config.breach.endpoint = Some("http://127.0.0.1:9".to_owned())).await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.sign_in().await;
    let change = json!({ "current_password": ann.password(), "new_password": OTHER_PASSWORD });
    let left = events_of(&app, &account, session.post("/v1/me/password", change)).await;
    assert_eq!(actions(&left), ["password.breaches_unknown", "password.changed"]);
    assert_eq!(left[0]["actor"]["kind"], "system");
    assert_eq!(left[0]["target"]["name"], "ann");
}
