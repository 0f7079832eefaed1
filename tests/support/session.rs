//! A user who is signed in.

use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use kernel::Time;
use serde_json::{Value, json};

use super::{Call, Client, Reply};

/// A session and its tokens.
#[derive(Clone)]
pub struct Session {
    client: Client,
    /// The JWT.
    pub access_token: String,
    /// Good for one renewal.
    pub refresh_token: String,
    /// The reply that began or renewed it.
    pub body: Value,
    received_at: Time,
}

impl Session {
    #[track_caller]
    pub fn new(client: Client, body: Value) -> Self {
        let token = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("no {name}: {body}")).to_owned();
        let received_at = client.now();
        Self { access_token: token("access_token"), refresh_token: token("refresh_token"), client, body, received_at }
    }

    /// The same session after another reply.
    #[track_caller]
    pub fn with_body(&self, body: Value) -> Self {
        Self::new(self.client.clone(), body)
    }

    /// Whether it was begun, by the clock of the test, so lately that its token counts and no step-up is asked.
    pub fn is_fresh(&self) -> bool {
        (TimeDelta::zero()..TimeDelta::minutes(5)).contains(&(self.client.now() - self.received_at))
    }

    /// The beginning of a request of this session.
    pub fn call(&self, method: &str, path: &str) -> Call {
        self.client.call(method, path).bearer(&self.access_token)
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call("GET", path).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call("POST", path).json(&body).send().await
    }

    /// Who am I?
    pub async fn me(&self) -> Reply {
        self.get("/v1/me").await
    }

    /// New tokens for the refresh token.
    pub async fn refresh(&self) -> Reply {
        let body = json!({ "refresh_token": self.refresh_token });
        self.client.call("POST", "/v1/token/refresh").json(&body).send().await
    }

    /// The same with an `Idempotency-Key`.
    pub async fn refresh_as(&self, key: &str) -> Reply {
        let body = json!({ "refresh_token": self.refresh_token });
        self.client.call("POST", "/v1/token/refresh").header("idempotency-key", key).json(&body).send().await
    }

    /// Signs out.
    pub async fn logout(&self) -> Reply {
        self.call("POST", "/v1/logout").send().await
    }

    /// Proves again who it is.
    pub async fn reauthenticate(&self, proof: Value) -> Reply {
        self.post("/v1/me/reauthentication", proof).await
    }

    /// What the access token says, unverified.
    pub fn claims(&self) -> Value {
        claims_of(&self.access_token)
    }
}

/// What a JWT says, unverified.
#[track_caller]
fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).unwrap()).unwrap()
}
