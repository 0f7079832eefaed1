//! Roles: named sets of permissions, and who has them.

mod assign;
mod crud;
mod last_administrator;
mod limits;
mod no_escalation;

use serde_json::{Value, json};

use crate::support::{Account, Reply, User};

/// A new role that carries these permissions; its id.
async fn role(by: &User, account: &Account, name: &str, permissions: &[&str]) -> String {
    let draft = json!({ "name": name, "permissions": permissions });
    by.post(&account.path("/roles"), draft).await.ok(201)["id"].as_str().unwrap().to_owned()
}

/// Gives somebody exactly these roles.
async fn assign(by: &User, account: &Account, user: &User, roles: &[&str]) -> Reply {
    by.put(&account.path(&format!("/users/{}/roles", user.id())), json!({ "role_ids": roles })).await
}

/// What counts for somebody, and where it is from.
async fn effective(by: &User, account: &Account, user: &User) -> Value {
    by.get(&account.path(&format!("/users/{}/permissions", user.id()))).await.ok(200)["effective"].clone()
}
