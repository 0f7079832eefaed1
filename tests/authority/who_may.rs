//! Who may do what: every guarded operation, tried by everybody who may not.

use serde_json::{Value, json};

use crate::support::{Account, Client, Reply, Session, TestApp, User};

const SETTINGS: &str = "account_settings";
const USERS: &str = "user_permissions";
const PASSWORDS: &str = "password_management";
const PLATFORM: &str = "platform_administration";
const OF_ACCOUNTS: [&str; 3] = [SETTINGS, USERS, PASSWORDS];

/// One operation: its method, its path below the account (`{user}`: somebody of it, `{policy}`: its password policy), a body
/// that does it, the permission that it needs.
struct Operation(&'static str, &'static str, Option<Value>, &'static str);

fn operations() -> Vec<Operation> {
    let policy = || Some(json!({ "mode": "disabled" }));
    let passwords = || Some(json!({ "name": "Basic", "strength": "basic" }));
    let none = None::<Value>;
    vec![
        Operation("GET", "/two-factor-policy", none.clone(), SETTINGS),
        Operation("PUT", "/two-factor-policy", policy(), SETTINGS),
        Operation("POST", "/two-factor-policy/preview", policy(), SETTINGS),
        Operation("GET", "/two-factor-policy/users", none.clone(), SETTINGS),
        Operation("GET", "/password-policies", none.clone(), PASSWORDS),
        Operation("POST", "/password-policies", Some(json!({ "name": "New", "strength": "basic" })), PASSWORDS),
        Operation("GET", "/password-policies/{policy}", none.clone(), PASSWORDS),
        Operation("PUT", "/password-policies/{policy}", passwords(), PASSWORDS),
        Operation("DELETE", "/password-policies/{policy}", none.clone(), PASSWORDS),
        Operation("GET", "/password-policies/{policy}/assignments", none.clone(), PASSWORDS),
        Operation("PUT", "/password-policies/{policy}/assignments", Some(json!({})), PASSWORDS),
        Operation("POST", "/password-policies/{policy}/preview", passwords(), PASSWORDS),
        Operation("POST", "/password-policies/{policy}/check", Some(json!({ "password": "x" })), PASSWORDS),
        Operation("GET", "/users", none.clone(), USERS),
        Operation("POST", "/users", Some(json!({ "username": "new" })), USERS),
        Operation("GET", "/users/{user}", none.clone(), USERS),
        Operation("GET", "/users/{user}/permissions", none.clone(), USERS),
        Operation("PUT", "/users/{user}/permissions", Some(json!({ "permissions": [] })), USERS),
        Operation("POST", "/users/{user}/actions/disable", none.clone(), USERS),
        Operation("POST", "/users/{user}/actions/enable", none.clone(), USERS),
        Operation("POST", "/users/{user}/actions/unlock", none.clone(), USERS),
        Operation("POST", "/users/{user}/actions/revoke-sessions", none.clone(), USERS),
        Operation("POST", "/users/{user}/actions/require-password-change", none.clone(), USERS),
        Operation("POST", "/users/{user}/actions/reset-two-factor", none.clone(), USERS),
        Operation("POST", "/users/{user}/actions/send-activation", none, USERS),
    ]
}

impl Operation {
    async fn ask(
        &self,
        client: &Client,
        by: Option<&Session>,
        (account, user, policy): (&Account, &User, &str),
    ) -> Reply {
        let path = self.1.replace("{user}", user.id()).replace("{policy}", policy);
        let path = account.path(&path);
        let call = by.map_or_else(|| client.call(self.0, &path), |session| session.call(self.0, &path));
        let call = match &self.2 {
            Some(body) => call.json(body),
            None => call,
        };
        call.send().await
    }
}

/// The id of the account's only password policy.
async fn password_policy(app: &TestApp, account: &Account) -> String {
    let policies = app.platform_admin().await.get(&account.path("/password-policies")).await.ok(200);
    policies["items"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_guarded_operation_refuses_all_but_those_who_may() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let user = account.user("ann").await;
    let policy = password_policy(&app, &account).await;
    let stranger = other.admin(&OF_ACCOUNTS).await.session().await;
    for operation in operations() {
        let Operation(method, path, _, needed) = &operation;
        let others: Vec<_> = OF_ACCOUNTS.into_iter().filter(|permission| permission != needed).collect();
        let unfit = account.admin(&others).await.session().await;
        let nobody = account.admin(&[]).await.session().await;
        let fit = account.admin(&[needed]).await.session().await;
        let ask = |by| operation.ask(app.client(), by, (&account, &user, &policy));
        let what = format!("{method} {path}");

        ask(None).await.problem(401, "invalid_token");
        ask(Some(&stranger)).await.problem(404, "not_found");
        for by in [&unfit, &nobody] {
            let problem = ask(Some(by)).await.problem(403, "permission_required");
            assert_eq!(problem["permission"], *needed, "{what}");
            assert!(problem["detail"].as_str().unwrap().contains(needed), "{what}: {problem:?}");
        }
        let reply = ask(Some(&fit)).await;
        // The default password policy stays.
        let refused = if *method == "DELETE" { 409 } else { 0 };
        assert!((200..300).contains(&reply.status) || reply.status == refused, "{reply:?}");
        let root = app.platform_admin().await.session().await;
        let reply = ask(Some(&root)).await;
        assert!((200..300).contains(&reply.status) || reply.status == 409, "{reply:?}");
    }
}

#[tokio::test]
async fn what_stands_above_accounts_is_for_the_platform() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&OF_ACCOUNTS).await.session().await;
    let root = app.platform_admin().await.session().await;
    for (method, body) in [("GET", None), ("POST", Some(json!({ "slug": "new", "name": "New" })))] {
        let ask = |by: Option<&Session>| {
            let path = "/v1/accounts";
            let call = by.map_or_else(|| app.call(method, path), |session| session.call(method, path));
            let call = match &body {
                Some(body) => call.json(body),
                None => call,
            };
            call.send()
        };
        ask(None).await.problem(401, "invalid_token");
        assert_eq!(ask(Some(&admin)).await.problem(403, "permission_required")["permission"], PLATFORM);
        assert!((200..300).contains(&ask(Some(&root)).await.status));
    }
}

#[tokio::test]
async fn a_request_that_may_not_be_made_is_not_read() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = account.user("ann").await.session().await;
    // Neither the body nor the query nor the tag is looked at before it is clear who asks.
    let path = account.path("/two-factor-policy");
    let call = |call: crate::support::Call| call.header("if-match", "garbage").bytes("{").send();
    call(app.call("PUT", &path)).await.problem(401, "invalid_token");
    call(session.call("PUT", &path)).await.problem(403, "permission_required");
    session.get(&account.path("/users?limit=0")).await.problem(403, "permission_required");
}

#[tokio::test]
async fn what_is_sensitive_wants_a_recent_sign_in_and_the_rest_does_not() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let user = account.user("ann").await;
    let policy = password_policy(&app, &account).await;
    let admin = account.admin(&OF_ACCOUNTS).await;
    let old = admin.sign_in().await;
    app.wait(chrono::TimeDelta::minutes(15) + chrono::TimeDelta::seconds(1));
    let old = old.refresh().await.session();
    let sensitive = |method: &str, path: &str| {
        let written = [
            ("PUT", "/two-factor-policy"),
            ("POST", "/password-policies"),
            ("PUT", "/password-policies/{policy}"),
            ("DELETE", "/password-policies/{policy}"),
            ("PUT", "/password-policies/{policy}/assignments"),
            ("POST", "/users"),
            ("PUT", "/users/{user}/permissions"),
        ];
        written.contains(&(method, path)) || path.contains("/actions/")
    };
    for operation in operations() {
        let reply = operation.ask(app.client(), Some(&old), (&account, &user, &policy)).await;
        if sensitive(operation.0, operation.1) {
            assert_eq!(reply.problem(401, "reauthentication_required")["max_age"], 900);
            assert!(reply.header("www-authenticate").contains("insufficient_user_authentication"), "{reply:?}");
        } else {
            assert!((200..300).contains(&reply.status), "{reply:?}");
        }
    }
    let renewed = old.reauthenticate(json!({ "password": admin.password() })).await.ok(200);
    let token = renewed["access_token"].as_str().unwrap();
    let call = app.call("PUT", &account.path("/two-factor-policy")).bearer(token);
    call.json(&json!({ "mode": "disabled" })).send().await.ok(200);
}
