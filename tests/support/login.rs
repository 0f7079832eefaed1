//! A login under way.

use serde_json::{Value, json};

use super::{Call, Client, Confirmed, Phone, Reply};

/// A login challenge.
#[derive(Clone)]
pub struct Login {
    client: Client,
    /// Its credential.
    pub token: String,
    /// The reply that told of it.
    pub body: Value,
}

impl Login {
    pub fn new(client: Client, body: Value) -> Self {
        let token = body["challenge_token"].as_str().expect("a challenge token").to_owned();
        Self { client, token, body }
    }

    /// The beginning of a request to `/v1/login/challenge` and what comes after it.
    pub fn call(&self, method: &str, path: &str) -> Call {
        self.client.call(method, &format!("/v1/login/challenge{path}")).bearer(&self.token)
    }

    /// Where it stands.
    pub async fn state(&self) -> Reply {
        self.call("GET", "").send().await
    }

    /// The QR payload as JSON.
    pub async fn enrollment(&self) -> Reply {
        self.call("GET", "/totp-enrollment").send().await
    }

    /// The QR payload in the form that this `Accept` asks for.
    pub async fn enrollment_as(&self, accept: &str) -> Reply {
        self.call("GET", "/totp-enrollment").header("accept", accept).send().await
    }

    /// A phone that has scanned the QR code.
    pub async fn phone(&self) -> Phone {
        Phone::of(self.client.clone(), &self.enrollment().await.ok(200))
    }

    /// The first code of a new device.
    pub async fn confirm(&self, code: &str) -> Reply {
        self.call("POST", "/totp-enrollment").json(&json!({ "code": code })).send().await
    }

    /// Scans the QR code and confirms the device.
    pub async fn enroll(&self) -> (Phone, Confirmed) {
        let phone = self.phone().await;
        let confirmed = self.confirm(&phone.code()).await.confirmed();
        (phone, confirmed)
    }

    /// The six digits.
    pub async fn code(&self, code: &str) -> Reply {
        self.call("POST", "/totp").json(&json!({ "code": code })).send().await
    }

    /// A recovery code.
    pub async fn recovery_code(&self, code: &str) -> Reply {
        self.call("POST", "/recovery-code").json(&json!({ "code": code })).send().await
    }

    /// The new password that is asked for.
    pub async fn new_password(&self, password: &str) -> Reply {
        self.call("POST", "/password").json(&json!({ "new_password": password })).send().await
    }

    /// Gives up.
    pub async fn abandon(&self) -> Reply {
        self.call("DELETE", "").send().await
    }
}
