//! Every operation on a user, by callers who are below and by callers who are not.
//!
//! A new operation under `/users/{user_id}` needs a row in [`attempts`], and one under `/roles/{role_id}` a test in
//! `roles.rs`.

use serde_json::{Value, json};

use super::{APPLICATION, Caller, OURS, Story};
use crate::support::User;

/// A request to an operation on a user: the method, what comes behind the user's path, and the body.
type Attempt = (&'static str, &'static str, Option<Value>);

/// Operations that change nothing.
const READING: [&str; 4] = ["getUser", "getUserPermissions", "getUserRoles", "getRole"];

/// Operations on a role, which `roles.rs` tries, and the one on many users, which `bulk.rs` tries.
const ELSEWHERE: [&str; 4] = ["replaceRole", "deleteRole", "startBulkJob", "previewBulkJob"];

/// Ways to ask for the operation. `role`: one that carries nothing.
fn attempts(operation: &str, role: &str) -> Option<Vec<Attempt>> {
    let act = |below| Some(vec![("POST", below, None)]);
    match operation {
        "updateUser" => Some(
            [
                json!({ "username": "Renamed" }),
                json!({ "display_name": "Renamed" }),
                json!({ "display_name": null }),
                json!({ "email": "mailbox-of-the-helper@example.org" }),
                json!({ "email": null }),
                json!({}),
            ]
            .map(|body| ("PATCH", "", Some(body)))
            .into(),
        ),
        "deleteUser" => Some(vec![("DELETE", "", None)]),
        "disableUser" => act("/actions/disable"),
        "enableUser" => act("/actions/enable"),
        "requirePasswordChange" => act("/actions/require-password-change"),
        "resetTwoFactor" => act("/actions/reset-two-factor"),
        "revokeUserSessions" => act("/actions/revoke-sessions"),
        "unlockUser" => act("/actions/unlock"),
        "sendActivation" => act("/actions/send-activation"),
        "replaceUserPermissions" => Some(
            [&[][..], &["user_permissions"], &[APPLICATION]]
                .map(|names| ("PUT", "/permissions", Some(json!({ "permissions": names }))))
                .into(),
        ),
        "replaceUserRoles" => {
            Some([json!([]), json!([role])].map(|ids| ("PUT", "/roles", Some(json!({ "role_ids": ids })))).into())
        }
        _ => None,
    }
}

/// The operations of the document on a user, on a role or on many users.
async fn operations(story: &Story) -> Vec<String> {
    let document = story.app.call("GET", "/openapi.json").send().await.json();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if ["/users/{user_id}", "/roles/{role_id}", "/users:bulk"].iter().any(|part| path.contains(part)) {
            let ids = item.as_object().unwrap().values().filter_map(|operation| operation["operationId"].as_str());
            found.extend(ids.map(str::to_owned));
        }
    }
    found
}

/// All attempts on a user.
async fn all_attempts(story: &Story, role: &str) -> Vec<Attempt> {
    operations(story).await.iter().filter_map(|operation| attempts(operation, role)).flatten().collect()
}

async fn ask(story: &Story, by: &Caller, on: &User, (method, below, body): &Attempt) -> crate::support::Reply {
    let call = by.call(method, &story.of(on, below)).await;
    match body {
        Some(body) => call.json(body).send().await,
        None => call.send().await,
    }
}

#[tokio::test]
async fn every_operation_on_users_and_roles_has_its_place_in_these_tests() {
    let story = Story::begin().await;
    let operations = operations(&story).await;
    for operation in &operations {
        let known = attempts(operation, "").is_some()
            || READING.contains(&operation.as_str())
            || ELSEWHERE.contains(&operation.as_str());
        assert!(known, "say in tests/authority/rank/operations.rs how {operation} is refused to those who are below");
    }
    assert!(operations.len() >= 17, "{operations:?}");
}

#[tokio::test]
async fn a_helper_of_the_platform_changes_nothing_of_who_stands_above_accounts() {
    let story = Story::begin().await;
    let home = story.root.get("/v1/me").await.ok(200)["user"]["account_id"].as_str().unwrap().to_owned();
    let users = format!("/v1/accounts/{home}/users");
    let everything_else = json!({ "username": "helper", "permissions": OURS });
    let created = story.root.post(&users, everything_else).await.ok(201);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (id, code) = (text(&created["user"]["id"]), text(&created["activation"]["code"]));
    let helper = User::created(story.app.client(), "platform", "helper", &id, &code);
    helper.activate(&code).await.empty(204);
    let root = format!("{users}/{}", text(&story.root.get("/v1/me").await.ok(200)["user"]["id"]));
    let before = story.root.get(&root).await.ok(200);
    // A role of another account is none of this one, but that is not what is told.
    let elsewhere = story.role("Elsewhere", &[]).await;
    for (method, below, body) in all_attempts(&story, &elsewhere).await {
        let call = helper.session().await.call(method, &format!("{root}{below}"));
        let reply = match &body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        };
        let problem = reply.problem(403, "permission_required");
        assert_eq!(problem["permission"], "platform_administration", "{method} {below}");
        assert_eq!(story.root.get(&root).await.ok(200), before, "{method} {below}");
    }
}

#[tokio::test]
async fn an_attempt_on_somebody_above_leaves_one_event_and_nothing_else() {
    let story = Story::begin().await;
    let path = story.account.path("/audit-events?limit=1&action=access.denied");
    let email = json!({ "email": "mailbox-of-the-helper@example.org" });
    story.helper.patch(&story.of(&story.full, ""), email).await.problem(403, "permission_required");
    let events = story.root.get(&path).await.ok(200);
    let event = &events["items"][0];
    assert_eq!((&event["outcome"], &event["actor"]["name"]), (&json!("denied"), &json!("helper")), "{event}");
    let operation = "PATCH /v1/accounts/{account_id}/users/{user_id}";
    let details = json!({ "operation": operation, "permission": "account_settings", "refusals": 1 });
    assert_eq!(event["details"], details);
}

mod slow {
    use serde_json::json;

    use super::super::{APPLICATION, Caller, OURS, Story};
    use super::{all_attempts, ask};
    use crate::support::User;

    #[tokio::test]
    async fn who_is_below_changes_nothing_of_who_is_above_by_no_operation() {
        let story = Story::begin().await;
        let role = story.role("Empty", &[]).await;
        let settings = story.role("Settings", &["account_settings", APPLICATION]).await;
        let by_role = story.account.user_with("above by a role", &["user_permissions"]).await;
        story.give(&by_role, &[&settings]).await;
        let disabled = story.account.user_with("above and disabled", &["account_settings"]).await;
        story.account.act_on(&disabled, "disable").await.empty(204);
        let mixed = story.account.user_with("above with an application", &["account_settings", APPLICATION]).await;
        // Not everything, and not what the helper has: neither is above the other.
        let beside = story.account.user_with("beside", &["account_settings"]).await;
        let key = |by: &User, name: &str| {
            let draft = json!({ "name": name, "permissions": ["user_permissions"] });
            let (by, account) = (by.clone(), story.account.clone());
            async move { account.program_of(&by, draft).await }
        };
        let keys = json!({ "permissions": ["user_permissions", "api_keys"] });
        story.root.put(&story.of(&story.helper, "/permissions"), keys).await.ok(200);
        let key_of_helper = key(&story.helper, "of the helper").await;
        story.grant(&story.helper, &["user_permissions"]).await;
        let callers = [
            ("the helper", Caller::Person(story.helper.clone())),
            ("a key of the helper", Caller::Program(key_of_helper)),
            // Whoever answers for it is above, but the key was not given that.
            ("a weak key of a strong one", Caller::Program(key(&story.full, "of the administrator").await)),
        ];
        let targets = [&story.full, &by_role, &disabled, &mixed, &beside];
        let attempts = all_attempts(&story, &role).await;
        assert!(attempts.len() > 15, "{attempts:?}");
        for target in targets {
            let session = if target.id() == disabled.id() { None } else { Some(target.session().await) };
            let before = story.look_at(target).await;
            for (name, by) in &callers {
                for attempt in &attempts {
                    let what = format!("{name}: {attempt:?} on {}", target.username());
                    let reply = ask(&story, by, target, attempt).await;
                    assert_eq!(reply.status, 403, "{what}: {reply:?}");
                    let problem = reply.problem(403, "permission_required");
                    assert_eq!(problem["permission"], "account_settings", "{what}");
                    let detail = problem["detail"].as_str().unwrap();
                    assert!(detail.contains("holds account_settings"), "{what}: {detail}");
                    assert_eq!(story.look_at(target).await, before, "{what}");
                }
            }
            if let Some(session) = session {
                session.me().await.ok(200);
                target.login().await.session();
            }
        }
    }

    #[tokio::test]
    async fn equals_help_desks_and_the_platform_serve_whom_they_could_grant_all_that_they_hold() {
        let story = Story::begin().await;
        let role = story.role("Empty", &[]).await;
        let approvers = story.role("Approvers", &[APPLICATION]).await;
        let key = |permissions: &[&str], name: &str| {
            let draft = json!({ "name": name, "permissions": permissions });
            let (by, account) = (story.full.clone(), story.account.clone());
            async move { Caller::Program(account.program_of(&by, draft).await) }
        };
        let helper = || Caller::Person(story.helper.clone());
        let pairs: [(&str, Caller, &[&str]); 8] = [
            ("the help desk and a customer", helper(), &[APPLICATION]),
            ("the help desk and somebody who holds nothing", helper(), &[]),
            ("two helpers", helper(), &["user_permissions"]),
            ("two administrators", Caller::Person(story.full.clone()), &OURS),
            ("the platform and an administrator", Caller::Person(story.root.clone()), &OURS),
            ("a weak key and a customer", key(&["user_permissions"], "weak").await, &[APPLICATION]),
            ("a strong key and an administrator", key(&OURS, "strong").await, &OURS),
            ("a key and one of its rank", key(&["user_permissions", "audit_read"], "some").await, &["audit_read"]),
        ];
        let attempts = all_attempts(&story, &role).await;
        for (pair, (name, by, held)) in pairs.iter().enumerate() {
            for (number, attempt) in attempts.iter().enumerate() {
                let target = story.account.user_with(&format!("target {pair} {number}"), held).await;
                if held.contains(&APPLICATION) {
                    story.give(&target, &[&approvers]).await;
                }
                let mut attempt = attempt.clone();
                if let Some(body) = attempt.2.as_mut().filter(|body| body["username"].is_string()) {
                    body["username"] = json!(format!("renamed {pair} {number}"));
                }
                let reply = ask(&story, by, &target, &attempt).await;
                assert!((200..300).contains(&reply.status), "{name}: {attempt:?}: {reply:?}");
            }
        }
    }
}
