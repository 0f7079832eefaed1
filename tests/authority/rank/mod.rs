//! Rank: nobody acts on a user who holds what they could not grant, so nobody gains more through a user above them.

mod bulk;
mod last_holders;
mod mailed_codes;
mod oneself;
mod operations;
mod roles;

use serde_json::{Value, json};

use crate::support::{Account, Call, Program, TestApp, User};

/// Every permission of ours that has a meaning in an account, in the order in which replies list them.
const OURS: [&str; 5] = ["account_settings", "password_management", "user_permissions", "api_keys", "audit_read"];

/// A permission of an application: it opens nothing of ours.
const APPLICATION: &str = "crm.invoices.approve";

/// Who acts.
enum Caller {
    Person(User),
    Program(Program),
}

impl Caller {
    async fn call(&self, method: &str, path: &str) -> Call {
        match self {
            Self::Person(user) => user.session().await.call(method, path),
            Self::Program(program) => program.call(method, path),
        }
    }
}

/// An account with somebody of every rank.
struct Story {
    app: TestApp,
    account: Account,
    root: User,
    /// Holds everything of ours.
    full: User,
    /// Holds `user_permissions` and nothing else.
    helper: User,
}

impl Story {
    async fn begin() -> Self {
        Self::in_app(TestApp::start().await).await
    }

    async fn in_app(app: TestApp) -> Self {
        let account = app.account("acme").await;
        let root = app.platform_admin().await;
        let new = json!({ "name": APPLICATION, "description": "Approves invoices." });
        root.post("/v1/permissions", new).await.ok(201);
        let full = account.user_with("full", &OURS).await;
        let helper = account.user_with("helper", &["user_permissions"]).await;
        Self { app, account, root, full, helper }
    }

    /// The path of a user, or below it.
    fn of(&self, user: &User, below: &str) -> String {
        self.account.path(&format!("/users/{}{below}", user.id()))
    }

    /// A new role that carries this; its id.
    async fn role(&self, name: &str, permissions: &[&str]) -> String {
        let draft = json!({ "name": name, "permissions": permissions });
        let role = self.root.post(&self.account.path("/roles"), draft).await.ok(201);
        role["id"].as_str().unwrap().to_owned()
    }

    /// Gives the user just these roles.
    async fn give(&self, user: &User, roles: &[&str]) {
        self.root.put(&self.of(user, "/roles"), json!({ "role_ids": roles })).await.ok(200);
    }

    /// Grants the user just this.
    async fn grant(&self, user: &User, permissions: &[&str]) {
        self.root.put(&self.of(user, "/permissions"), json!({ "permissions": permissions })).await.ok(200);
    }

    /// All that an administrator sees of a user.
    async fn look_at(&self, user: &User) -> Value {
        let roles = self.root.get(&self.of(user, "/roles")).await.ok(200);
        json!({ "user": self.account.look_at(user).await, "roles": roles })
    }
}
