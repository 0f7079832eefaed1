//! The people in the story.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{Client, PASSWORD, Phone, Reply, Session};

/// A user: with or without a password, with or without a phone.
#[derive(Clone)]
pub struct User(Arc<Inner>);

struct Inner {
    client: Client,
    account: String,
    username: String,
    /// The service's id; empty for the first administrator of the platform until somebody needs it.
    id: String,
    /// The code with which the user was created.
    activation_code: String,
    password: Mutex<String>,
    phone: Mutex<Option<Phone>>,
    session: Mutex<Option<Session>>,
}

impl User {
    /// Somebody whom the operator has made.
    pub fn new(client: &Client, account: &str, username: &str) -> Self {
        Self::created(client, account, username, "", "")
    }

    /// Somebody whom an administrator has made.
    pub fn created(client: &Client, account: &str, username: &str, id: &str, activation_code: &str) -> Self {
        Self(Arc::new(Inner {
            client: client.clone(),
            account: account.to_owned(),
            username: username.to_owned(),
            id: id.to_owned(),
            activation_code: activation_code.to_owned(),
            password: Mutex::new(PASSWORD.to_owned()),
            phone: Mutex::new(None),
            session: Mutex::new(None),
        }))
    }

    pub fn id(&self) -> &str {
        &self.0.id
    }

    pub fn username(&self) -> &str {
        &self.0.username
    }

    /// The code with which the user was created.
    pub fn activation_code(&self) -> &str {
        &self.0.activation_code
    }

    /// The password that the user believes to have.
    pub fn password(&self) -> String {
        self.0.password.lock().unwrap().clone()
    }

    /// From now on the user types another password.
    pub fn remember_password(&self, password: &str) {
        password.clone_into(&mut self.0.password.lock().unwrap());
    }

    /// The phone that the user has enrolled in [`User::sign_in`] or was given.
    #[track_caller]
    pub fn phone(&self) -> Phone {
        self.0.phone.lock().unwrap().clone().expect("the user has enrolled a phone")
    }

    /// From now on the user has this phone.
    pub fn remember_phone(&self, phone: Option<Phone>) {
        *self.0.phone.lock().unwrap() = phone;
    }

    /// Sets the user's password with an activation code.
    pub async fn activate(&self, code: &str) -> Reply {
        let body = json!({ "code": code, "new_password": self.password() });
        self.0.client.call("POST", "/v1/activations").json(&body).send().await
    }

    /// Types the password: the first step of a login, whatever it leads to.
    pub async fn login(&self) -> Reply {
        self.try_password(&self.password()).await
    }

    /// Types something else.
    pub async fn try_password(&self, password: &str) -> Reply {
        self.login_call(password).send().await
    }

    /// The request that types a password.
    pub fn login_call(&self, password: &str) -> super::Call {
        let Inner { account, username, .. } = &*self.0;
        let body = json!({ "account": account, "username": username, "password": password });
        self.0.client.call("POST", "/v1/login").json(&body)
    }

    /// Signs in, with all that is asked for on the way: enrols a phone, types its code.
    pub async fn sign_in(&self) -> Session {
        let reply = self.login().await;
        let body = reply.ok(200);
        let session = match body["next"].as_str() {
            None => reply.session(),
            Some("totp_enrollment") => {
                let (phone, confirmed) = reply.challenge("totp_enrollment").enroll().await;
                self.remember_phone(Some(phone));
                confirmed.result.session()
            }
            Some("totp") => {
                let code = self.phone().fresh_code();
                reply.challenge("totp").code(&code).await.session()
            }
            Some(other) => panic!("{} cannot sign in by itself at the step {other}", self.0.username),
        };
        *self.0.session.lock().unwrap() = Some(session.clone());
        session
    }

    /// The user's session: the last one, or a new one when that is too old for sensitive work.
    pub async fn session(&self) -> Session {
        let last = self.0.session.lock().unwrap().clone();
        match last.filter(Session::is_fresh) {
            Some(session) => session,
            None => self.sign_in().await,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.session().await.get(path).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.session().await.post(path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.session().await.call("PUT", path).json(&body).send().await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.session().await.call("PATCH", path).json(&body).send().await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.session().await.call("DELETE", path).send().await
    }

    /// A POST without a body.
    pub async fn act(&self, path: &str) -> Reply {
        self.session().await.call("POST", path).send().await
    }
}
