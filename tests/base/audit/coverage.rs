//! Every operation of the document that changes something leaves an event.

use serde_json::{Value, json};

use crate::{
    jobs::{
        bulk_jobs::{order, path as job_path, run},
        user_imports::{STUCK, refuse_user},
    },
    support::{Account, Call, Login, OTHER_PASSWORD, TestApp, User},
};

/// Operations that are no GET and leave nothing, and why. This list may only shrink.
const EXCEPTIONS: [(&str, &str); 8] = [
    ("checkMyPassword", "looks at a candidate and keeps nothing"),
    ("checkPassword", "looks at a candidate and keeps nothing"),
    ("checkPasswordAtLogin", "looks at a candidate and keeps nothing"),
    ("introspectToken", "looks at a token"),
    ("previewPasswordPolicy", "says what a change would do"),
    ("previewBulkJob", "counts users"),
    ("previewTwoFactorPolicy", "says what a change would do"),
    ("refreshToken", "goes on with a session that began with an event; a reused token leaves one"),
];

/// The people of the story.
struct Story {
    app: TestApp,
    account: Account,
    root: User,
}

impl Story {
    /// A user who is asked for a second factor, and nobody else.
    async fn asked(&self, name: &str) -> User {
        let user = self.account.user(name).await;
        self.account.ask_only(&[&user]).await;
        user
    }

    /// A login that stands at the code of a device.
    async fn at_code(&self, name: &str) -> (Login, User) {
        let user = self.asked(name).await;
        user.sign_in().await;
        self.app.wait_for_next_code();
        (user.login().await.challenge("totp"), user)
    }

    async fn of_root(&self, method: &str, path: &str) -> Call {
        self.root.session().await.call(method, path)
    }

    /// An action on a user who was prepared for it.
    async fn act(&self, user: &User, action: &str) -> Call {
        self.of_root("POST", &self.account.path(&format!("/users/{}/actions/{action}", user.id()))).await
    }

    async fn role(&self, name: &str) -> String {
        let draft = json!({ "name": name, "permissions": [] });
        let role = self.root.post(&self.account.path("/roles"), draft).await.ok(201);
        role["id"].as_str().unwrap().to_owned()
    }

    async fn password_policy(&self, name: &str) -> String {
        let draft = json!({ "name": name, "strength": "basic" });
        let policy = self.root.post(&self.account.path("/password-policies"), draft).await.ok(201);
        self.account.path(&format!("/password-policies/{}", policy["id"].as_str().unwrap()))
    }

    /// A request of this operation that succeeds, ready to be sent.
    async fn request(&self, operation: &str, name: &str) -> Option<Call> {
        let found = self.of_sign_in(operation, name).await;
        let found = if found.is_some() { found } else { self.of_people(operation, name).await };
        let found = if found.is_some() { found } else { self.of_accounts(operation, name).await };
        let found = if found.is_some() { found } else { self.of_policies(operation, name).await };
        let found = if found.is_some() { found } else { self.of_users(operation, name).await };
        let found = if found.is_some() { found } else { self.of_actions(operation, name).await };
        let found = if found.is_some() { found } else { self.of_programs(operation, name).await };
        let found = if found.is_some() { found } else { self.of_bulk_jobs(operation, name).await };
        if found.is_some() { found } else { self.of_roles(operation, name).await }
    }

    /// What people do to sign in.
    async fn of_sign_in(&self, operation: &str, name: &str) -> Option<Call> {
        let account = &self.account;
        Some(match operation {
            "startLogin" => account.user(name).await.login_call(crate::support::PASSWORD),
            "abandonLogin" => self.at_code(name).await.0.call("DELETE", ""),
            "answerTotp" => {
                let (login, user) = self.at_code(name).await;
                login.call("POST", "/totp").json(&json!({ "code": user.phone().fresh_code() }))
            }
            "confirmTotpEnrollment" => {
                let login = self.asked(name).await.login().await.challenge("totp_enrollment");
                let code = login.phone().await.code();
                login.call("POST", "/totp-enrollment").json(&json!({ "code": code }))
            }
            "useRecoveryCode" => {
                let user = self.asked(name).await;
                let (_, confirmed) = user.login().await.challenge("totp_enrollment").enroll().await;
                let login = user.login().await.challenge("totp");
                login.call("POST", "/recovery-code").json(&json!({ "code": confirmed.recovery_codes[0] }))
            }
            "acknowledgeRecoveryCodesAtLogin" => {
                let user = self.asked(name).await;
                account.act_on(&user, "require-password-change").await.empty(204);
                let login = user.login().await.challenge("totp_enrollment");
                login.enroll().await.1.result.challenge("password_change");
                login.call("POST", "/recovery-codes/acknowledgement")
            }
            "replaceMyRecoveryCodes" | "acknowledgeMyRecoveryCodes" => {
                let login = self.asked(name).await.login().await.challenge("totp_enrollment");
                let session = login.enroll().await.1.result.session();
                let end = if operation == "replaceMyRecoveryCodes" { "" } else { "/acknowledgement" };
                session.call("POST", &format!("/v1/me/two-factor/recovery-codes{end}"))
            }
            "changeExpiredPassword" => {
                let user = account.user(name).await;
                account.act_on(&user, "require-password-change").await.empty(204);
                let login = user.login().await.challenge("password_change");
                login.call("POST", "/password").json(&json!({ "new_password": OTHER_PASSWORD }))
            }
            "finishLogin" => {
                let login = self.asked(name).await.login().await.challenge("totp_enrollment");
                account.set_mode("disabled").await;
                login.call("POST", "/session")
            }
            "activateUser" => {
                let invited = account.invited(json!({ "username": name })).await;
                let body = json!({ "code": invited.activation_code(), "new_password": invited.password() });
                self.app.call("POST", "/v1/activations").json(&body)
            }
            _ => return None,
        })
    }

    /// What people do for themselves, and what the platform does.
    async fn of_people(&self, operation: &str, name: &str) -> Option<Call> {
        let account = &self.account;
        Some(match operation {
            "logout" => account.user(name).await.sign_in().await.call("POST", "/v1/logout"),
            "changeMyPassword" => {
                let user = account.user(name).await;
                let body = json!({ "current_password": user.password(), "new_password": OTHER_PASSWORD });
                user.sign_in().await.call("POST", "/v1/me/password").json(&body)
            }
            "reauthenticateMe" => {
                let user = account.user(name).await;
                let body = json!({ "password": user.password() });
                user.sign_in().await.call("POST", "/v1/me/reauthentication").json(&body)
            }
            "createAccount" => {
                self.of_root("POST", "/v1/accounts").await.json(&json!({ "slug": "another", "name": "Another" }))
            }
            "registerPermission" => {
                let new = json!({ "name": "crm.invoices.approve", "description": "Approves invoices." });
                self.of_root("POST", "/v1/permissions").await.json(&new)
            }
            "unregisterPermission" => {
                let new = json!({ "name": "crm.invoices.read", "description": "Reads invoices." });
                self.root.post("/v1/permissions", new).await.ok(201);
                self.of_root("DELETE", "/v1/permissions/crm.invoices.read").await
            }
            _ => return None,
        })
    }

    /// What the platform does with accounts, each a new one.
    async fn of_accounts(&self, operation: &str, name: &str) -> Option<Call> {
        let path = format!("/v1/accounts/{}", self.app.account(&name.replace(' ', "-")).await.id);
        Some(match operation {
            "updateAccount" => self.of_root("PATCH", &path).await.json(&json!({ "name": "Another" })),
            "suspendAccount" => self.of_root("POST", &format!("{path}/actions/suspend")).await,
            "resumeAccount" => {
                self.root.act(&format!("{path}/actions/suspend")).await.empty(204);
                self.of_root("POST", &format!("{path}/actions/resume")).await
            }
            "deleteAccount" => self.of_root("DELETE", &path).await,
            "undeleteAccount" => {
                assert_eq!(self.root.delete(&path).await.status / 100, 2);
                self.of_root("POST", &format!("{path}/actions/undelete")).await
            }
            _ => return None,
        })
    }

    /// Policies of the account.
    async fn of_policies(&self, operation: &str, name: &str) -> Option<Call> {
        let account = &self.account;
        Some(match operation {
            "replaceTwoFactorPolicy" => {
                let path = account.path("/two-factor-policy");
                self.of_root("PUT", &path).await.json(&json!({ "mode": "all_users" }))
            }
            "createPasswordPolicy" => {
                let draft = json!({ "name": name, "strength": "basic" });
                self.of_root("POST", &account.path("/password-policies")).await.json(&draft)
            }
            "replacePasswordPolicy" => {
                let path = self.password_policy(name).await;
                self.of_root("PUT", &path).await.json(&json!({ "name": name, "strength": "advanced" }))
            }
            "deletePasswordPolicy" => {
                let path = self.password_policy(name).await;
                self.of_root("DELETE", &path).await
            }
            "replacePasswordPolicyAssignments" => {
                let path = format!("{}/assignments", self.password_policy(name).await);
                let draft = json!({ "user_ids": [account.user(name).await.id()], "permissions": [] });
                self.of_root("PUT", &path).await.json(&draft)
            }
            _ => return None,
        })
    }

    /// Users of the account.
    async fn of_users(&self, operation: &str, name: &str) -> Option<Call> {
        let account = &self.account;
        let user = |below: &str| account.path(&format!("/users/{below}"));
        Some(match operation {
            "createUser" => self.of_root("POST", &account.path("/users")).await.json(&json!({ "username": name })),
            "updateUser" => {
                let path = user(account.user(name).await.id());
                self.of_root("PATCH", &path).await.json(&json!({ "display_name": "Another" }))
            }
            "deleteUser" => {
                let path = user(account.user(name).await.id());
                self.of_root("DELETE", &path).await
            }
            _ => return None,
        })
    }

    /// What is done to users.
    async fn of_actions(&self, operation: &str, name: &str) -> Option<Call> {
        let account = &self.account;
        Some(match operation {
            "disableUser" => self.act(&account.user(name).await, "disable").await,
            "enableUser" => {
                let user = account.user(name).await;
                account.act_on(&user, "disable").await.empty(204);
                self.act(&user, "enable").await
            }
            "requirePasswordChange" => self.act(&account.user(name).await, "require-password-change").await,
            "resetTwoFactor" => {
                let user = self.asked(name).await;
                user.sign_in().await;
                self.act(&user, "reset-two-factor").await
            }
            "revokeUserSessions" => {
                let user = account.user(name).await;
                user.sign_in().await;
                self.act(&user, "revoke-sessions").await
            }
            "sendActivation" => self.act(&account.user(name).await, "send-activation").await,
            "unlockUser" => {
                let user = account.user(name).await;
                user.try_password("wrong").await.problem(401, "invalid_credentials");
                self.act(&user, "unlock").await
            }
            _ => return None,
        })
    }

    /// API keys.
    async fn of_programs(&self, operation: &str, name: &str) -> Option<Call> {
        let draft = json!({ "name": format!("{name} renamed"), "permissions": [] });
        Some(match operation {
            "createApiKey" => self.of_root("POST", &self.account.path("/api-keys")).await.json(&draft),
            "replaceApiKey" => {
                let path = self.account.program(name, &[]).await.path("");
                self.of_root("PUT", &path).await.json(&draft)
            }
            "rotateApiKey" => {
                let path = self.account.program(name, &[]).await.path("/rotate");
                self.of_root("POST", &path).await.json(&json!({}))
            }
            "revokeApiKey" => {
                let path = self.account.program(name, &[]).await.path("");
                self.of_root("DELETE", &path).await
            }
            _ => return None,
        })
    }

    /// One action on many users.
    async fn of_bulk_jobs(&self, operation: &str, name: &str) -> Option<Call> {
        Some(match operation {
            "startBulkJob" => {
                let users = json!([self.account.user(name).await.id()]);
                let body = json!({ "action": "unlock", "users": users });
                self.of_root("POST", &self.account.path("/users:bulk")).await.json(&body)
            }
            "cancelBulkJob" => {
                // It waits for good, so that there is something to cancel.
                let account = self.app.account("suspended").await;
                let users = json!([account.user(name).await.id()]);
                self.root.act(&account.path("/actions/suspend")).await.empty(204);
                let job = order(&self.root, &account, json!({ "action": "unlock", "users": users })).await.ok(202);
                self.of_root("POST", &format!("{}/actions/cancel", job_path(&account, &job))).await
            }
            "takeBulkActivations" => {
                let users = json!([self.account.invited(json!({ "username": name })).await.id()]);
                let order = json!({ "action": "send_activation", "users": users });
                let job = run(&self.root, &self.account, order).await;
                let path = format!("{}/actions/take-activations", job_path(&self.account, &job));
                self.of_root("POST", &path).await
            }
            _ => return None,
        })
    }

    /// Permissions, roles and imports.
    async fn of_roles(&self, operation: &str, name: &str) -> Option<Call> {
        let account = &self.account;
        let user = |below: &str| account.path(&format!("/users/{below}"));
        Some(match operation {
            "replaceUserPermissions" => {
                let path = user(&format!("{}/permissions", account.user(name).await.id()));
                self.of_root("PUT", &path).await.json(&json!({ "permissions": ["account_settings"] }))
            }
            "replaceUserRoles" => {
                let role = self.role(name).await;
                let path = user(&format!("{}/roles", account.user(name).await.id()));
                self.of_root("PUT", &path).await.json(&json!({ "role_ids": [role] }))
            }
            "createRole" => {
                let draft = json!({ "name": name, "permissions": [] });
                self.of_root("POST", &account.path("/roles")).await.json(&draft)
            }
            "replaceRole" => {
                let path = account.path(&format!("/roles/{}", self.role(name).await));
                self.of_root("PUT", &path).await.json(&json!({ "name": name, "permissions": ["account_settings"] }))
            }
            "deleteRole" => {
                let path = account.path(&format!("/roles/{}", self.role(name).await));
                self.of_root("DELETE", &path).await
            }
            "cancelUserImport" => {
                // It waits for good, so that there is something to cancel.
                refuse_user(&self.app, "stuck", STUCK);
                let file = "{\"username\":\"stuck\"}";
                let call =
                    self.of_root("POST", &account.path("/user-imports")).await.file("application/x-ndjson", file);
                let import = call.send().await.ok(202);
                let path = format!("/user-imports/{}/actions/cancel", import["id"].as_str().unwrap());
                self.of_root("POST", &account.path(&path)).await
            }
            "importUsers" => self.of_root("POST", &account.path("/user-imports")).await.file("text/csv", "username\n"),
            _ => return None,
        })
    }

    /// How many events there are, in all accounts.
    fn count(&self) -> u64 {
        let count = "SELECT CAST(count(*) AS TEXT) FROM audit_events";
        self.app.look_into_database(count)[0].parse().unwrap()
    }
}

#[tokio::test]
async fn every_operation_that_changes_something_leaves_an_event() {
    let app = TestApp::start().await;
    let story = Story { account: app.account("acme").await, root: app.platform_admin().await, app };
    story.account.user_with("administrator", &["user_permissions"]).await;
    let document: Value = story.app.call("GET", "/openapi.json").send().await.json();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str().filter(|_| method != "get") else { continue };
            let excepted = EXCEPTIONS.iter().any(|(name, _)| *name == id);
            tried += 1;
            let call = story.request(id, &format!("user {tried}")).await;
            let Some(call) = call else {
                let hint = "say in tests/base/audit/coverage.rs how it succeeds, or why it leaves nothing";
                assert!(excepted, "{method} {path}: {hint}: {id}");
                continue;
            };
            assert!(!excepted, "{id} is no exception any more");
            let before = story.count();
            let reply = call.send().await;
            assert!((200..300).contains(&reply.status), "{id}: {reply:?}");
            assert!(story.count() > before, "{method} {path} succeeds and leaves no event: see service::audit");
        }
    }
    assert!(tried > 40, "{tried}");
}
