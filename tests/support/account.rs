//! An account, as the platform's administrator sets it up for a test.

use serde_json::{Value, json};

use super::{Client, Program, Reply, User};

/// An account. What its methods do the administrator of the platform does, over HTTP.
#[derive(Clone)]
pub struct Account {
    client: Client,
    platform: User,
    /// The service's id.
    pub id: String,
    /// The short name.
    pub slug: String,
}

impl Account {
    pub async fn create(client: &Client, slug: &str, name: &str) -> Self {
        let platform = client.platform_admin().await;
        let created = platform.post("/v1/accounts", json!({ "slug": slug, "name": name })).await.ok(201);
        let id = created["id"].as_str().unwrap().to_owned();
        Self { client: client.clone(), platform, id, slug: slug.to_owned() }
    }

    /// A path under `/v1/accounts/{account_id}`, such as `/users`.
    pub fn path(&self, below: &str) -> String {
        format!("/v1/accounts/{}{below}", self.id)
    }

    /// A user with a password.
    pub async fn user(&self, username: &str) -> User {
        self.user_with(username, &[]).await
    }

    /// A user with a password and these permissions.
    pub async fn user_with(&self, username: &str, permissions: &[&str]) -> User {
        let user = self.invited(json!({ "username": username, "permissions": permissions })).await;
        user.activate(user.activation_code()).await.empty(204);
        user
    }

    /// A user who has not set a password yet. `new`: the body of the request.
    pub async fn invited(&self, new: Value) -> User {
        let created = self.platform.post(&self.path("/users"), new).await.ok(201);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (user, code) = (&created["user"], text(&created["activation"]["code"]));
        User::created(&self.client, &self.slug, &text(&user["username"]), &text(&user["id"]), &code)
    }

    /// An administrator with these permissions. Each call makes another one.
    pub async fn admin(&self, permissions: &[&str]) -> User {
        let number = self.platform.get(&self.path("/users?limit=100")).await.ok(200)["items"].as_array().unwrap().len();
        self.user_with(&format!("administrator-{number}"), permissions).await
    }

    /// A program whose key the administrator of the platform creates, and answers for.
    pub async fn program(&self, name: &str, permissions: &[&str]) -> Program {
        self.program_of(&self.platform, json!({ "name": name, "permissions": permissions })).await
    }

    /// A program whose key `by` creates, and answers for.
    pub async fn program_of(&self, by: &User, draft: Value) -> Program {
        Program::new(&self.client, &self.id, by.post(&self.path("/api-keys"), draft).await.ok(201))
    }

    /// Switches two-factor authentication.
    pub async fn set_mode(&self, mode: &str) {
        self.set_policy(json!({ "mode": mode })).await.ok(200);
    }

    /// Asks exactly these users for a second factor.
    pub async fn ask_only(&self, users: &[&User]) {
        let ids: Vec<_> = users.iter().map(|user| user.id()).collect();
        self.set_policy(json!({ "mode": "selected_users", "user_ids": ids })).await.ok(200);
    }

    /// Replaces the two-factor policy.
    pub async fn set_policy(&self, policy: Value) -> Reply {
        self.platform.put(&self.path("/two-factor-policy"), policy).await
    }

    /// One of the actions on a user, such as `disable`.
    pub async fn act_on(&self, user: &User, action: &str) -> Reply {
        self.platform.act(&self.path(&format!("/users/{}/actions/{action}", user.id()))).await
    }

    /// How a user looks to an administrator.
    pub async fn look_at(&self, user: &User) -> Value {
        self.platform.get(&self.path(&format!("/users/{}", user.id()))).await.ok(200)
    }
}
