//! Who may call what: every operation of the document, tried with every kind of credential. What comes of it is written to
//! `permission-matrix.txt`, which is reviewed like code: `UPDATE_EXPECT=1 cargo test -p api --test black_box matrix`.
//!
//! A new operation needs a row in [`guard_of`].

use std::fmt::Write as _;

use expect_test::expect_file;
use serde_json::{Value, json};

use crate::support::{Account, Call, Session, TestApp, User};

const OF_ACCOUNTS: [&str; 4] = ["account_settings", "password_management", "user_permissions", "audit_read"];
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
    /// A session, whoever's.
    Session,
    /// A session of the account, or a platform administrator's.
    OwnAccount,
    /// This permission in the account, or a platform administrator.
    Permission(&'static str),
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
        | "confirmTotpEnrollment" => Guard::Challenge,
        "logout"
        | "getMe"
        | "changeMyPassword"
        | "checkMyPassword"
        | "reauthenticateMe"
        | "listPasswordPolicyPresets"
        | "listPermissions"
        | "introspectToken" => Guard::Session,
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
        | "listBulkJobs"
        | "getBulkJob"
        | "listBulkJobOutcomes"
        | "cancelBulkJob"
        | "takeBulkActivations" => Guard::Permission("user_permissions"),
        "listAuditEvents" | "exportAuditEvents" | "verifyAuditEvents" => Guard::Permission("audit_read"),
        _ => return None,
    })
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
    /// Somebody who held everything when the token was issued, and holds nothing now.
    Revoked,
    /// Somebody who held everything, and is disabled now.
    Disabled,
    /// Somebody who holds everything, of an account that is suspended now, in that account.
    Suspended,
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
            ("all but audit_read", Self::Without("audit_read")),
            ("platform", Self::Platform),
            ("other account", Self::Stranger),
            ("revoked", Self::Revoked),
            ("disabled", Self::Disabled),
            ("suspended account", Self::Suspended),
        ]
    }

    /// Whether the caller holds a permission of the account.
    fn holds(self, permission: &str) -> bool {
        match self {
            Self::With(held) => held == permission,
            Self::Without(lacking) => lacking != permission,
            Self::Platform => true,
            Self::Nobody | Self::Stranger | Self::Revoked | Self::Disabled | Self::Suspended => false,
        }
    }
}

impl Guard {
    /// What must come: a status that refuses, or `None` when the caller gets past the guard.
    fn expected(self, caller: Caller) -> Option<u16> {
        match (self, caller) {
            (Self::Open, _) => None,
            (Self::Challenge, _) | (_, Caller::Nobody | Caller::Disabled | Caller::Suspended) => Some(401),
            (Self::OwnAccount | Self::Permission(_), Caller::Stranger) => Some(404),
            (Self::Session | Self::OwnAccount, _) => None,
            (Self::Permission(needed), caller) => (!caller.holds(needed)).then_some(403),
            (Self::Platform, caller) => (caller != Caller::Platform).then_some(403),
        }
    }

    /// The permission that a refusal names.
    fn named(self) -> &'static str {
        match self {
            Self::Permission(permission) => permission,
            Self::Platform => PLATFORM,
            Self::Open | Self::Challenge | Self::Session | Self::OwnAccount => "",
        }
    }
}

impl std::fmt::Display for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Open => "nothing",
            Self::Challenge => "a login challenge",
            Self::Session => "a session",
            Self::OwnAccount => "a session of the account",
            Self::Permission(permission) => permission,
            Self::Platform => PLATFORM,
        })
    }
}

/// The people of the story.
struct Story {
    app: TestApp,
    account: Account,
    stranger: User,
    root: User,
    /// A platform administrator who calls and prepares nothing.
    platform: User,
    /// An account that is suspended, and a session of somebody who holds everything there.
    suspended: (Account, Session),
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
        root.act(&suspended.path("/actions/suspend")).await.empty(204);
        Self { app, account, stranger, root, platform, suspended: (suspended, session) }
    }

    /// A session of its own for each call: some calls end it.
    async fn session(&self, caller: Caller, name: &str) -> Option<Session> {
        let everything: Vec<_> = OF_ACCOUNTS.into_iter().chain([APPLICATION]).collect();
        Some(match caller {
            Caller::Nobody => return None,
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
        assert!(!path.contains('{'), "tests/permission_matrix.rs has nothing for {path}");
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
        if caller == Caller::Suspended { self.suspended.0.clone() } else { self.account.clone() }
    }

    fn call(&self, session: Option<&Session>, method: &str, path: &str) -> Call {
        match session {
            Some(session) => session.call(method, path),
            None => self.app.call(method, path),
        }
    }
}

/// Method, path and id of every operation of the document.
async fn operations(app: &TestApp) -> Vec<(String, String, String)> {
    let document: Value = app.call("GET", "/openapi.json").send().await.json();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                operations.push((method.to_uppercase(), path.clone(), id.to_owned()));
            }
        }
    }
    operations.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
    operations
}

#[tokio::test]
async fn every_operation_of_the_document_refuses_all_but_those_who_may() {
    let story = Story::begin().await;
    let mut matrix = String::from(
        "Who may call what. Written by a test; see permission_matrix.rs.\n\
         Each cell is what came: the status of a refusal, or ok for whoever got past the guard.\n",
    );
    for (at, (method, template, id)) in operations(&story.app).await.iter().enumerate() {
        let guard = guard_of(id).unwrap_or_else(|| {
            panic!("{method} {template}: say in tests/permission_matrix.rs what {id} asks for, then run it with UPDATE_EXPECT=1")
        });
        writeln!(matrix, "\n{method} {template}\n  {id} asks for {guard}").unwrap();
        for (number, (title, caller)) in Caller::all().into_iter().enumerate() {
            let name = format!("m{at} {number}");
            let session = story.session(caller, &name).await;
            let path = story.path(caller, method, template, &name).await;
            // Without a body: who gets past the guard is told that one is missing.
            let reply = story.call(session.as_ref(), method, &path).send().await;
            let refused = matches!(reply.status, 401 | 403 | 404).then_some(reply.status);
            assert_eq!(refused, guard.expected(caller), "{id} for {title}: {reply:?}");
            match refused {
                Some(403) => {
                    let problem = reply.problem(403, "permission_required");
                    assert_eq!(problem["permission"], guard.named(), "{id} for {title}");
                    writeln!(matrix, "    403  {title}").unwrap();
                }
                Some(status) => writeln!(matrix, "    {status}  {title}").unwrap(),
                None => writeln!(matrix, "    ok   {title}").unwrap(),
            }
        }
    }
    expect_file!["permission-matrix.txt"].assert_eq(&matrix);
}
