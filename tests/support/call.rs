//! Requests.

use std::{
    net::SocketAddr,
    sync::{Arc, RwLock},
    time::Duration,
};

use kernel::{Clock, ManualClock, Time};
use serde_json::Value;
use service::Service;
use tokio::sync::OnceCell;

use super::{Reply, User};

/// No request of a test takes that long unless the service hangs.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What all handles of one test share.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    http: reqwest::Client,
    base: String,
    clock: Arc<ManualClock>,
    /// For what the operator does: everybody else goes over HTTP.
    service: RwLock<Service>,
    platform_admin: OnceCell<User>,
}

impl Client {
    pub fn new(address: SocketAddr, clock: Arc<ManualClock>, service: Service) -> Self {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let service = RwLock::new(service);
        let platform_admin = OnceCell::new();
        Self(Arc::new(Shared { http, base: format!("http://{address}"), clock, service, platform_admin }))
    }

    pub fn clock(&self) -> &Arc<ManualClock> {
        &self.0.clock
    }

    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    pub fn replace_service(&self, service: Service) {
        *self.0.service.write().unwrap() = service;
    }

    /// The first administrator of the platform, whom the operator makes and who then sets a password.
    pub async fn platform_admin(&self) -> User {
        let make = || async {
            let service = self.0.service.read().unwrap().clone();
            let made = service.init_platform_administrator("root").await.unwrap();
            let root = User::new(self, "platform", &made.username);
            root.activate(made.code.expose()).await.empty(204);
            root
        };
        self.0.platform_admin.get_or_init(make).await.clone()
    }

    /// The beginning of a request.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let url = format!("{}{path}", self.0.base);
        let request = self.0.http.request(method.parse().unwrap(), url);
        Call { client: self.clone(), what: format!("{method} {path}"), request }
    }
}

/// A request that is not sent yet.
pub struct Call {
    client: Client,
    what: String,
    request: reqwest::RequestBuilder,
}

impl Call {
    fn map(self, change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder) -> Self {
        Self { request: change(self.request), ..self }
    }

    /// With this credential.
    pub fn bearer(self, token: &str) -> Self {
        self.map(|request| request.bearer_auth(token))
    }

    /// With this header.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.map(|request| request.header(name, value))
    }

    /// With this body.
    pub fn json(self, body: &Value) -> Self {
        self.map(|request| request.json(body))
    }

    /// With these bytes, whatever they are, as JSON.
    pub fn bytes(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.map(|request| request.header("content-type", "application/json").body(bytes.into()))
    }

    /// With this body and no `Content-Type`.
    pub fn bare(self, body: &str) -> Self {
        self.map(|request| request.body(body.to_owned()))
    }

    /// With this form.
    pub fn form(self, body: &str) -> Self {
        let body = body.to_owned();
        self.map(|request| request.header("content-type", "application/x-www-form-urlencoded").body(body))
    }

    /// Sends it.
    ///
    /// # Panics
    /// When there is no reply, or one that no request may ever get.
    pub async fn send(self) -> Reply {
        let sent = self.request.send().await;
        let response = sent.unwrap_or_else(|why| panic!("{}: no reply: {why:?}", self.what));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap_or_else(|why| panic!("{}: half a reply: {why:?}", self.what));
        let reply = Reply::new(self.client, self.what, status, headers, body.to_vec());
        reply.check_what_all_replies_have();
        reply
    }
}
