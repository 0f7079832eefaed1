//! Who may call what: every operation of the document, tried with every kind of credential. The results are written to
//! `permission-matrix.txt`, which is reviewed like code: `UPDATE_EXPECT=1 cargo test -p api --test black_box matrix`.
//!
//! A new operation needs a row in [`guard_of`].

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Account, Call, Program, Session, TestApp, User};

const OF_ACCOUNTS: [&str; 5] =
    ["account_settings", "password_management", "user_permissions", "api_keys", "audit_read"];
const PLATFORM: &str = "platform_administration";
/// A permission of an application: it opens nothing of ours.
const APPLICATION: &str = "crm.invoices.approve";

/// What an operation asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Nothing.
    Open,
    /// The token of a login that is under way.
    Challenge,
    /// A person who is signed in: no API key.
    Person,
    /// A session or an API key, whoever's.
    Known,
    /// A session or an API key of the account, or a platform administrator's.
    OwnAccount,
    /// This permission in the account, or a platform administrator.
    Permission(&'static str),
    /// One of these permissions in the account, or a platform administrator.
    OneOf(&'static str, &'static str),
    /// A platform administrator.
    Platform,
}

/// What each operation asks for, by its `operationId`.
fn guard_of(operation: &str) -> Option<Guard> {
    Some(match operation {
        "getJwks" | "getLiveness" | "getReadiness" | "activateUser" | "startLogin" | "refreshToken" => Guard::Open,
        "getLoginChallenge"
        | "abandonLogin"
        | "changeExpiredPassword"
        | "checkPasswordAtLogin"
        | "useRecoveryCode"
        | "finishLogin"
        | "answerTotp"
        | "getTotpEnrollment"
        | "confirmTotpEnrollment"
        | "acknowledgeRecoveryCodesAtLogin" => Guard::Challenge,
        "logout"
        | "getMe"
        | "changeMyPassword"
        | "checkMyPassword"
        | "reauthenticateMe"
        | "replaceMyRecoveryCodes"
        | "acknowledgeMyRecoveryCodes" => Guard::Person,
        "listPasswordPolicyPresets" | "listPermissions" | "introspectToken" => Guard::Known,
        "getAccount" => Guard::OwnAccount,
        "listAccounts"
        | "createAccount"
        | "updateAccount"
        | "deleteAccount"
        | "suspendAccount"
        | "resumeAccount"
        | "undeleteAccount"
        | "registerPermission"
        | "unregisterPermission" => Guard::Platform,
        "getTwoFactorPolicy" | "replaceTwoFactorPolicy" | "previewTwoFactorPolicy" | "listTwoFactorPolicyUsers" => {
            Guard::Permission("account_settings")
        }
        "listPasswordPolicies"
        | "createPasswordPolicy"
        | "getPasswordPolicy"
        | "replacePasswordPolicy"
        | "deletePasswordPolicy"
        | "getPasswordPolicyAssignments"
        | "replacePasswordPolicyAssignments"
        | "checkPassword"
        | "previewPasswordPolicy" => Guard::Permission("password_management"),
        "getTwoFactorReport"
        | "exportTwoFactorReport"
        | "getTwoFactorChart"
        | "getPasswordReport"
        | "exportPasswordReport" => Guard::OneOf("account_settings", "password_management"),
        "listUsers"
        | "createUser"
        | "getUser"
        | "updateUser"
        | "deleteUser"
        | "disableUser"
        | "enableUser"
        | "requirePasswordChange"
        | "resetTwoFactor"
        | "revokeUserSessions"
        | "sendActivation"
        | "unlockUser"
        | "getUserPermissions"
        | "replaceUserPermissions"
        | "getUserRoles"
        | "replaceUserRoles"
        | "listRoles"
        | "createRole"
        | "getRole"
        | "replaceRole"
        | "deleteRole"
        | "importUsers"
        | "listUserImports"
        | "getUserImport"
        | "cancelUserImport"
        | "listUserImportErrors"
        | "startBulkJob"
        | "previewBulkJob"
        | "listBulkJobs"
        | "getBulkJob"
        | "listBulkJobOutcomes"
        | "cancelBulkJob"
        | "takeBulkActivations" => Guard::Permission("user_permissions"),
        "listApiKeys" | "createApiKey" | "getApiKey" | "replaceApiKey" | "revokeApiKey" | "rotateApiKey" => {
            Guard::Permission("api_keys")
        }
        "listAuditEvents" | "exportAuditEvents" | "verifyAuditEvents" => Guard::Permission("audit_read"),
        _ => return None,
    })
}

/// Whether an operation asks people for a sign-in of the last 15 minutes, by its `operationId`.
fn wants_recent_sign_in(operation: &str) -> bool {
    [
        "createAccount",
        "updateAccount",
        "deleteAccount",
        "suspendAccount",
        "resumeAccount",
        "undeleteAccount",
        "registerPermission",
        "unregisterPermission",
        "replaceTwoFactorPolicy",
        "createPasswordPolicy",
        "replacePasswordPolicy",
        "deletePasswordPolicy",
        "replacePasswordPolicyAssignments",
        "createUser",
        "updateUser",
        "deleteUser",
        "disableUser",
        "enableUser",
        "requirePasswordChange",
        "resetTwoFactor",
        "revokeUserSessions",
        "sendActivation",
        "unlockUser",
        "replaceUserPermissions",
        "replaceUserRoles",
        "createRole",
        "replaceRole",
        "deleteRole",
        "importUsers",
        "replaceMyRecoveryCodes",
        "startBulkJob",
        "takeBulkActivations",
        "createApiKey",
        "replaceApiKey",
        "revokeApiKey",
        "rotateApiKey",
    ]
    .contains(&operation)
}

/// Who calls.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// No credential.
    Nobody,
    /// A user of the account who holds exactly this; `""`: nothing.
    With(&'static str),
    /// A user of the account who holds everything but this.
    Without(&'static str),
    /// A platform administrator.
    Platform,
    /// An administrator of another account, who holds everything there.
    Stranger,
    /// Somebody who holds what is needed, and has signed in more than 15 minutes ago.
    Old,
    /// Somebody who held everything when the token was issued, and holds nothing now.
    Revoked,
    /// Somebody who held everything, and is disabled now.
    Disabled,
    /// Somebody who holds everything, of an account that is suspended now, in that account.
    Suspended,
    /// A program with an API key.
    Program(Key),
}

/// What a program has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// A key of the account that was given what is needed, and nothing else.
    Fit,
    /// A key of the account that was given everything but what is needed.
    Unfit,
    /// A key of the platform's account that stands above accounts.
    OfPlatform,
    /// A key of another account that was given everything there is.
    OfOther,
    /// A key of the account that was given everything and has expired.
    Expired,
    /// The same, revoked.
    Revoked,
    /// The same, sent from a network that it may not call from.
    Elsewhere,
    /// The same, while who answers for it is disabled.
    Unanswered,
    /// A key that was given everything, of an account that is suspended now, in that account.
    OfSuspended,
}

impl Caller {
    fn all() -> Vec<(&'static str, Self)> {
        vec![
            ("nobody", Self::Nobody),
            ("no permission", Self::With("")),
            ("account_settings", Self::With("account_settings")),
            ("password_management", Self::With("password_management")),
            ("user_permissions", Self::With("user_permissions")),
            ("audit_read", Self::With("audit_read")),
            ("an application's", Self::With(APPLICATION)),
            ("all but account_settings", Self::Without("account_settings")),
            ("all but password_management", Self::Without("password_management")),
            ("all but user_permissions", Self::Without("user_permissions")),
            ("api_keys", Self::With("api_keys")),
            ("all but api_keys", Self::Without("api_keys")),
            ("all but audit_read", Self::Without("audit_read")),
            ("platform", Self::Platform),
            ("a sign-in of long ago", Self::Old),
            ("other account", Self::Stranger),
            ("revoked", Self::Revoked),
            ("disabled", Self::Disabled),
            ("suspended account", Self::Suspended),
            ("key with just what is needed", Self::Program(Key::Fit)),
            ("key with all but what is needed", Self::Program(Key::Unfit)),
            ("key of the platform", Self::Program(Key::OfPlatform)),
            ("key of another account", Self::Program(Key::OfOther)),
            ("expired key", Self::Program(Key::Expired)),
            ("revoked key", Self::Program(Key::Revoked)),
            ("key from a forbidden network", Self::Program(Key::Elsewhere)),
            ("key of somebody disabled", Self::Program(Key::Unanswered)),
            ("key of a suspended account", Self::Program(Key::OfSuspended)),
        ]
    }

    /// Whether the caller stands above accounts.
    fn is_above(self) -> bool {
        matches!(self, Self::Platform | Self::Old | Self::Program(Key::OfPlatform))
    }

    /// Whether the credential counts for nothing.
    fn is_refused(self) -> bool {
        match self {
            Self::Nobody | Self::Disabled | Self::Suspended => true,
            Self::With(_) | Self::Without(_) | Self::Platform | Self::Old | Self::Stranger | Self::Revoked => false,
            Self::Program(key) => match key {
                Key::Expired | Key::Revoked | Key::Elsewhere | Key::Unanswered | Key::OfSuspended => true,
                Key::Fit | Key::Unfit | Key::OfPlatform | Key::OfOther => false,
            },
        }
    }

    /// Whether the caller holds a permission of the account.
    fn holds(self, permission: &str) -> bool {
        match self {
            Self::With(held) => held == permission,
            Self::Without(lacking) => lacking != permission,
            Self::Platform | Self::Old | Self::Program(Key::Fit | Key::OfPlatform) => true,
            Self::Nobody | Self::Stranger | Self::Revoked | Self::Disabled | Self::Suspended | Self::Program(_) => {
                false
            }
        }
    }
}

impl Guard {
    /// What must come: a status that refuses, or `None` when the caller gets past the guard.
    fn expected(self, caller: Caller) -> Option<u16> {
        match (self, caller) {
            (Self::Open, _) => None,
            (Self::Challenge, _) => Some(401),
            (_, caller) if caller.is_refused() => Some(401),
            (
                Self::OwnAccount | Self::Permission(_) | Self::OneOf(..),
                Caller::Stranger | Caller::Program(Key::OfOther),
            ) => Some(404),
            (Self::Person, Caller::Program(_)) => Some(403),
            (Self::Person | Self::Known | Self::OwnAccount, _) => None,
            (Self::Permission(needed), caller) => (!caller.holds(needed)).then_some(403),
            (Self::OneOf(one, other), caller) => (!caller.holds(one) && !caller.holds(other)).then_some(403),
            (Self::Platform, caller) => (!caller.is_above()).then_some(403),
        }
    }

    /// What a refusal names: the code, and the permission that is missing.
    fn refusal(self) -> (&'static str, Value) {
        match self {
            Self::Permission(permission) | Self::OneOf(permission, _) => ("permission_required", json!(permission)),
            Self::Platform => ("permission_required", json!(PLATFORM)),
            Self::Open | Self::Challenge | Self::Person | Self::Known | Self::OwnAccount => {
                ("session_required", Value::Null)
            }
        }
    }
}

impl std::fmt::Display for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Self::OneOf(one, other) = self {
            return write!(f, "{one} or {other}");
        }
        f.write_str(match self {
            Self::Open => "nothing",
            Self::Challenge => "a login challenge",
            Self::Person => "a person who is signed in",
            Self::Known => "a session or an API key",
            Self::OwnAccount => "a session or an API key of the account",
            Self::Permission(permission) | Self::OneOf(permission, _) => permission,
            Self::Platform => PLATFORM,
        })
    }
}

/// The people of the story.
struct Story {
    app: TestApp,
    account: Account,
    other: Account,
    /// The id of the platform's account.
    home: String,
    stranger: User,
    root: User,
    /// A platform administrator who calls and prepares nothing.
    platform: User,
    /// An account that is suspended, a session of somebody who holds everything there, and a key that does.
    suspended: (Account, Session, Program),
}

impl Story {
    async fn begin() -> Self {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        let other = app.account("other").await;
        let root = app.platform_admin().await;
        let application = json!({ "name": APPLICATION, "description": "Approves invoices." });
        root.post("/v1/permissions", application).await.ok(201);
        // So that nobody else is the last administrator.
        account.user_with("administrator", &["user_permissions"]).await;
        let stranger = other.user_with("stranger", &OF_ACCOUNTS).await;
        let home = root.get("/v1/me").await.ok(200)["account"]["id"].as_str().unwrap().to_owned();
        let new = json!({ "username": "caller", "permissions": [PLATFORM] });
        let created = root.post(&format!("/v1/accounts/{home}/users"), new).await.ok(201);
        let platform = User::new(app.client(), "platform", "caller");
        platform.activate(created["activation"]["code"].as_str().unwrap()).await.empty(204);
        let suspended = app.account("suspended").await;
        let session = suspended.user_with("member", &OF_ACCOUNTS).await.sign_in().await;
        let key = suspended.program("of a suspended account", &OF_ACCOUNTS).await;
        root.act(&suspended.path("/actions/suspend")).await.empty(204);
        Self { app, account, other, home, stranger, root, platform, suspended: (suspended, session, key) }
    }

    /// An API key of its own for each call: some calls end it. `needed`: what the operation asks for.
    async fn key(&self, key: Key, name: &str, needed: Guard) -> String {
        let everything: Vec<_> = OF_ACCOUNTS.into_iter().chain([APPLICATION]).collect();
        let needed = match needed {
            Guard::Permission(permission) => vec![permission],
            Guard::OneOf(one, other) => vec![one, other],
            Guard::Open | Guard::Challenge | Guard::Person | Guard::Known | Guard::OwnAccount | Guard::Platform => {
                vec![]
            }
        };
        let mut draft = json!({ "name": name, "permissions": everything });
        let (mut by, mut account) = (self.root.clone(), self.account.id.as_str());
        match key {
            Key::OfSuspended => return self.suspended.2.secret.clone(),
            Key::Fit => draft["permissions"] = json!(Vec::from_iter(needed.first())),
            Key::Unfit => {
                let others = everything.into_iter().filter(|permission| !needed.contains(permission));
                draft["permissions"] = json!(others.collect::<Vec<_>>());
            }
            Key::OfPlatform => {
                draft["permissions"] = json!([PLATFORM]);
                account = &self.home;
            }
            Key::OfOther => account = &self.other.id,
            Key::Expired => draft["expires_at"] = json!(self.app.now() + TimeDelta::seconds(1)),
            Key::Elsewhere => draft["networks"] = json!(["203.0.113.0/24"]),
            Key::Unanswered => by = self.account.user_with(&format!("{name} by"), &everything).await,
            Key::Revoked => {}
        }
        let keys = format!("/v1/accounts/{account}/api-keys");
        let created = by.post(&keys, draft).await.ok(201);
        match key {
            Key::Expired => self.app.wait(TimeDelta::seconds(1)),
            Key::Revoked => {
                let id = created["key"]["id"].as_str().unwrap();
                self.root.delete(&format!("{keys}/{id}")).await.empty(204);
            }
            Key::Unanswered => self.account.act_on(&by, "disable").await.empty(204),
            Key::Fit | Key::Unfit | Key::OfPlatform | Key::OfOther | Key::Elsewhere | Key::OfSuspended => {}
        }
        created["secret"].as_str().unwrap().to_owned()
    }

    /// What the caller sends as bearer token.
    async fn credential(&self, caller: Caller, name: &str, needed: Guard) -> Option<String> {
        match caller {
            Caller::Program(key) => Some(self.key(key, name, needed).await),
            Caller::Old => Some(self.old_session(name, needed).await.access_token),
            person => self.session(person, name).await.map(|session| session.access_token),
        }
    }

    /// The session of somebody who holds what is needed, and signed in longer ago than sensitive operations allow.
    async fn old_session(&self, name: &str, needed: Guard) -> Session {
        let session = match needed {
            Guard::Platform => self.session(Caller::Platform, name).await.unwrap(),
            _ => self.account.user_with(name, &OF_ACCOUNTS).await.sign_in().await,
        };
        self.app.wait(TimeDelta::minutes(15) + TimeDelta::seconds(1));
        session.refresh().await.session()
    }

    /// A session of its own for each call: some calls end it.
    async fn session(&self, caller: Caller, name: &str) -> Option<Session> {
        let everything: Vec<_> = OF_ACCOUNTS.into_iter().chain([APPLICATION]).collect();
        Some(match caller {
            Caller::Nobody | Caller::Old | Caller::Program(_) => return None,
            Caller::Platform => {
                self.app.wait_for_next_code();
                self.platform.sign_in().await
            }
            Caller::Stranger => self.stranger.login().await.session(),
            Caller::With("") => self.account.user(name).await.sign_in().await,
            Caller::With(permission) => self.account.user_with(name, &[permission]).await.sign_in().await,
            Caller::Without(lacking) => {
                let held: Vec<_> = everything.into_iter().filter(|permission| *permission != lacking).collect();
                self.account.user_with(name, &held).await.sign_in().await
            }
            Caller::Revoked => {
                let user = self.account.user_with(name, &everything).await;
                let session = user.sign_in().await;
                let path = self.account.path(&format!("/users/{}/permissions", user.id()));
                self.root.put(&path, json!({ "permissions": [] })).await.ok(200);
                session
            }
            Caller::Suspended => self.suspended.1.clone(),
            Caller::Disabled => {
                let user = self.account.user_with(name, &everything).await;
                let session = user.sign_in().await;
                self.account.act_on(&user, "disable").await.empty(204);
                session
            }
        })
    }

    /// The path with things in it that exist. New ones each time: some calls take them away.
    async fn path(&self, caller: Caller, method: &str, template: &str, name: &str) -> String {
        let account = self.account_for(caller, method, template, name).await;
        let mut path = template.replace("{account_id}", &account.id);
        if path.contains("{user_id}") {
            let user = account.invited(json!({ "username": format!("whom {name} meets") })).await;
            path = path.replace("{user_id}", user.id());
        }
        if path.contains("{role_id}") {
            let draft = json!({ "name": format!("role for {name}"), "permissions": [] });
            let role = self.root.post(&account.path("/roles"), draft).await.ok(201);
            path = path.replace("{role_id}", role["id"].as_str().unwrap());
        }
        if path.contains("{key_id}") {
            let draft = json!({ "name": format!("key for {name}"), "permissions": [] });
            let key = self.root.post(&account.path("/api-keys"), draft).await.ok(201);
            path = path.replace("{key_id}", key["key"]["id"].as_str().unwrap());
        }
        if path.contains("{policy_id}") {
            self.forget_password_policies(&account).await;
            let draft = json!({ "name": format!("policy for {name}"), "strength": "basic" });
            let policy = self.root.post(&account.path("/password-policies"), draft).await.ok(201);
            path = path.replace("{policy_id}", policy["id"].as_str().unwrap());
        }
        if path.contains("{import_id}") {
            let session = self.root.session().await;
            let call = session.call("POST", &account.path("/user-imports")).file("text/csv", "username\n");
            path = path.replace("{import_id}", call.send().await.ok(202)["id"].as_str().unwrap());
        }
        if path.contains("{job_id}") {
            let order = json!({ "action": "unlock", "filter": { "q": "nobody at all" } });
            let job = self.root.post(&self.account.path("/users:bulk"), order).await.ok(202);
            // So that there are never too many.
            let stop = format!("/bulk-jobs/{}/actions/cancel", job["id"].as_str().unwrap());
            self.root.act(&self.account.path(&stop)).await.ok(200);
            path = path.replace("{job_id}", job["id"].as_str().unwrap());
        }
        if path.contains("{permission}") {
            let permission = format!("for.{}.read", name.replace(' ', "-"));
            let new = json!({ "name": permission, "description": "For one call." });
            self.root.post("/v1/permissions", new).await.ok(201);
            path = path.replace("{permission}", &permission);
        }
        assert!(!path.contains('{'), "permission_matrix.rs has nothing for {path}");
        path
    }

    /// Deletes those of the calls before: an account has a bounded number of them.
    async fn forget_password_policies(&self, account: &Account) {
        let policies = self.root.get(&account.path("/password-policies?limit=100")).await.ok(200);
        for policy in policies["items"].as_array().unwrap().iter().filter(|policy| policy["is_default"] == false) {
            let path = account.path(&format!("/password-policies/{}", policy["id"].as_str().unwrap()));
            self.root.delete(&path).await.empty(204);
        }
    }

    /// The account in the path: the caller's where somebody of a suspended one calls, a new one where the call could put an
    /// end to it.
    async fn account_for(&self, caller: Caller, method: &str, template: &str, name: &str) -> Account {
        let of_account = "/v1/accounts/{account_id}";
        let ends = method == "DELETE" && template == of_account;
        if ends || template.strip_prefix(of_account).is_some_and(|below| below.starts_with("/actions/")) {
            return self.app.account(&name.replace(' ', "-")).await;
        }
        let of_suspended = matches!(caller, Caller::Suspended | Caller::Program(Key::OfSuspended));
        if of_suspended { self.suspended.0.clone() } else { self.account.clone() }
    }

    fn call(&self, credential: Option<&str>, method: &str, path: &str) -> Call {
        let call = self.app.call(method, path);
        match credential {
            Some(token) => call.bearer(token),
            None => call,
        }
    }
}

/// An operation of the document.
struct Operation {
    method: String,
    path: String,
    id: String,
    description: String,
}

async fn operations(app: &TestApp) -> Vec<Operation> {
    let document: Value = app.call("GET", "/openapi.json").send().await.json();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                operations.push(Operation {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    id: id.to_owned(),
                    description: operation["description"].as_str().unwrap().replace('\n', " "),
                });
            }
        }
    }
    operations.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    operations
}

mod slow {
    use std::fmt::Write as _;

    use expect_test::expect_file;

    use super::{Caller, Operation, Story, guard_of, operations, wants_recent_sign_in};

    #[tokio::test]
    async fn every_operation_of_the_document_refuses_all_but_those_who_may() {
        let story = Story::begin().await;
        let mut matrix = String::from(
            "Who may call what. Written by a test; see permission_matrix.rs.\n\
         Each cell is what came: the status of a refusal, or ok for whoever got past the guard.\n",
        );
        for (at, operation) in operations(&story.app).await.into_iter().enumerate() {
            let Operation { method, path: template, id, description } = operation;
            let guard = guard_of(&id).unwrap_or_else(|| {
                panic!(
                    "{method} {template}: say in permission_matrix.rs what {id} asks for, then run it with \
                     UPDATE_EXPECT=1"
                )
            });
            let recent = wants_recent_sign_in(&id);
            assert_eq!(description.contains(" a recent "), recent, "{id} says what it asks for: {description}");
            let also = if recent { " and a recent sign-in" } else { "" };
            writeln!(matrix, "\n{method} {template}\n  {id} asks for {guard}{also}").unwrap();
            for (number, (title, caller)) in Caller::all().into_iter().enumerate() {
                let name = format!("m{at} {number}");
                let credential = story.credential(caller, &name, guard).await;
                let path = story.path(caller, &method, &template, &name).await;
                // Without a body: who gets past the guard is told that one is missing.
                let reply = story.call(credential.as_deref(), &method, &path).send().await;
                let refused = matches!(reply.status, 401 | 403 | 404).then_some(reply.status);
                let is_too_old = recent && caller == Caller::Old;
                let expected = if is_too_old { Some(401) } else { guard.expected(caller) };
                assert_eq!(refused, expected, "{id} for {title}: {reply:?}");
                if is_too_old {
                    assert_eq!(reply.problem(401, "reauthentication_required")["max_age"], 900, "{id}");
                    let challenge = reply.header("www-authenticate");
                    assert!(challenge.contains("insufficient_user_authentication"), "{id}: {challenge}");
                }
                match refused {
                    Some(403) => {
                        let (code, permission) = guard.refusal();
                        let problem = reply.problem(403, code);
                        assert_eq!(problem["permission"], permission, "{id} for {title}");
                        // Absent where a permission would not help.
                        let name = permission.as_str().unwrap_or_default();
                        assert!(problem.detail().contains(name), "{id} for {title}: {problem:?}");
                        writeln!(matrix, "    403  {title}").unwrap();
                    }
                    Some(status) => writeln!(matrix, "    {status}  {title}").unwrap(),
                    None => writeln!(matrix, "    ok   {title}").unwrap(),
                }
            }
        }
        expect_file!["permission-matrix.txt"].assert_eq(&matrix);
    }
}
