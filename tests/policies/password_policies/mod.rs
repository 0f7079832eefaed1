//! What passwords must look like and how long they are valid.

mod assignments;
mod bad_input;
mod changed_meanwhile;
mod check;
mod collection;
mod conformance;
mod default;
mod existing_passwords;
mod expiry;
mod mid_login;
mod preview;
mod reminders;
mod reuse;
mod roles;
mod strengths;
mod two_administrators;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{Account, Reply, TestApp, User};

/// An account and its password policies, as the administrator of the platform arranges them: what they ask does not
/// concern that administrator.
struct Policies {
    account: Account,
    root: User,
}

impl Policies {
    async fn of(app: &TestApp, slug: &str) -> Self {
        Self { account: app.account(slug).await, root: app.platform_admin().await }
    }

    /// A path below `/password-policies`.
    fn path(&self, below: &str) -> String {
        self.account.path(&format!("/password-policies{below}"))
    }

    async fn all(&self) -> Vec<Value> {
        self.root.get(&self.path("")).await.ok(200)["items"].as_array().unwrap().clone()
    }

    /// The account's default.
    async fn default(&self) -> Value {
        let mut all = self.all().await;
        all.retain(|policy| policy["is_default"] == true);
        assert_eq!(all.len(), 1, "exactly one is the default: {all:?}");
        all.remove(0)
    }

    /// Adds a policy; gives its id.
    async fn create(&self, policy: Value) -> String {
        let created = self.root.post(&self.path(""), policy).await.ok(201);
        created["id"].as_str().unwrap().to_owned()
    }

    async fn replace(&self, id: &str, policy: Value) -> Reply {
        self.root.put(&self.path(&format!("/{id}")), policy).await
    }

    async fn delete(&self, id: &str) -> Reply {
        self.root.session().await.call("DELETE", &self.path(&format!("/{id}"))).send().await
    }

    async fn assign(&self, id: &str, assignments: Value) -> Reply {
        self.root.put(&self.path(&format!("/{id}/assignments")), assignments).await
    }

    /// A new role that carries these permissions; its id.
    async fn role(&self, name: &str, permissions: &[&str]) -> String {
        let draft = json!({ "name": name, "permissions": permissions });
        self.root.post(&self.account.path("/roles"), draft).await.ok(201)["id"].as_str().unwrap().to_owned()
    }

    /// Gives somebody exactly these roles.
    async fn give(&self, user: &User, roles: &[&str]) {
        let path = self.account.path(&format!("/users/{}/roles", user.id()));
        self.root.put(&path, json!({ "role_ids": roles })).await.ok(200);
    }

    /// Makes the default say this.
    async fn set_default(&self, mut policy: Value) {
        let id = self.default().await["id"].as_str().unwrap().to_owned();
        policy["name"] = json!("Basic");
        if policy["strength"].is_null() {
            policy["strength"] = json!("basic");
        }
        self.replace(&id, policy).await.ok(200);
    }

    /// How the user's password looks to an administrator.
    async fn password_of(&self, user: &User) -> Value {
        self.account.look_at(user).await["password"].clone()
    }
}

fn days(number: i64) -> TimeDelta {
    TimeDelta::days(number)
}

/// A moment in a reply.
#[track_caller]
fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap_or_else(|| panic!("no moment: {value}")).parse().unwrap()
}

/// The codes of `errors`, of `reasons` or of `failures`.
#[track_caller]
fn codes(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    let sentence = |error: &Value| assert!(error["message"].as_str().unwrap().ends_with('.'), "{error}");
    list.iter().inspect(|error| sentence(error)).map(|error| error["code"].as_str().unwrap()).collect()
}
