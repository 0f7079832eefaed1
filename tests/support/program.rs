//! A program with an API key.

use serde_json::Value;

use super::{Account, Call, Client, Reply};

/// A program that sends an API key.
#[derive(Clone)]
pub struct Program {
    client: Client,
    account: String,
    /// The id of the key.
    pub id: String,
    /// The key as it is sent.
    pub secret: String,
    /// The reply that made it.
    pub body: Value,
}

impl Program {
    /// The program that gets the key in this reply. `account`: that of the key.
    #[track_caller]
    pub fn new(client: &Client, account: &str, body: Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no API key: {body}")).to_owned();
        let (id, secret) = (text(&body["key"]["id"]), text(&body["secret"]));
        Self { client: client.clone(), account: account.to_owned(), id, secret, body }
    }

    /// The path of the key, or below it.
    pub fn path(&self, below: &str) -> String {
        format!("/v1/accounts/{}/api-keys/{}{below}", self.account, self.id)
    }

    /// The same program after another reply.
    #[track_caller]
    pub fn with_body(&self, body: Value) -> Self {
        Self::new(&self.client, &self.account, body)
    }

    /// What this program creates with its key: a key of the same account for another program.
    pub async fn create(&self, account: &Account, draft: Value) -> Reply {
        self.post(&account.path("/api-keys"), draft).await
    }

    /// The key as it may be mistyped: another last character, another first one, one too few.
    pub fn typos(&self) -> [String; 3] {
        let other = |c: char| if c == 'A' { 'B' } else { 'A' };
        let (head, tail) = self.secret.split_at("lk_key_".len());
        let (first, last) = (tail.chars().next().unwrap(), tail.chars().next_back().unwrap());
        let shorter = &self.secret[..self.secret.len() - 1];
        [format!("{shorter}{}", other(last)), format!("{head}{}{}", other(first), &tail[1..]), shorter.to_owned()]
    }

    /// The beginning of a request.
    pub fn call(&self, method: &str, path: &str) -> Call {
        self.client.call(method, path).bearer(&self.secret)
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call("GET", path).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call("POST", path).json(&body).send().await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.call("PUT", path).json(&body).send().await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path).send().await
    }
}
