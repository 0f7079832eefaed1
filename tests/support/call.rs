//! Requests.

use std::{
    net::SocketAddr,
    sync::{Arc, RwLock},
    time::Duration,
};

use kernel::{Clock, ManualClock, SystemClock, Time};
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
    /// None: the clock of this machine.
    clock: Option<Arc<ManualClock>>,
    operator: Operator,
    platform_admin: OnceCell<User>,
}

/// How the operator makes the first administrator of the platform. Everybody else goes over HTTP.
enum Operator {
    /// In the process of the test.
    Beside(RwLock<Service>),
    /// With a command that gives an activation code for this name.
    Command(Box<dyn Fn(&str) -> String + Send + Sync>),
}

impl Client {
    pub fn new(address: SocketAddr, clock: Arc<ManualClock>, service: Service) -> Self {
        Self::with(address, Some(clock), Operator::Beside(RwLock::new(service)))
    }

    /// A client of a service that runs in another process. `init`: makes an administrator of this name and gives the
    /// activation code.
    pub fn of_process(address: SocketAddr, init: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::with(address, None, Operator::Command(Box::new(init)))
    }

    fn with(address: SocketAddr, clock: Option<Arc<ManualClock>>, operator: Operator) -> Self {
        // A process that is started again has ended the connections of before.
        let idle = if clock.is_some() { usize::MAX } else { 0 };
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .pool_max_idle_per_host(idle)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let platform_admin = OnceCell::new();
        Self(Arc::new(Shared { http, base: format!("http://{address}"), clock, operator, platform_admin }))
    }

    /// The clock that the test moves.
    #[track_caller]
    pub fn clock(&self) -> &Arc<ManualClock> {
        self.0.clock.as_ref().expect("a service whose clock stands still")
    }

    pub fn now(&self) -> Time {
        self.0.clock.as_ref().map_or_else(|| SystemClock.now(), |clock| clock.now())
    }

    /// The service, for what the operator's process does from time to time.
    #[track_caller]
    pub fn service(&self) -> Service {
        let Operator::Beside(current) = &self.0.operator else { panic!("the service runs in another process") };
        current.read().unwrap().clone()
    }

    pub fn replace_service(&self, service: Service) {
        let Operator::Beside(current) = &self.0.operator else { panic!("the service runs in another process") };
        *current.write().unwrap() = service;
    }

    /// The first administrator of the platform, whom the operator makes and who then sets a password.
    pub async fn platform_admin(&self) -> User {
        let make = || async {
            let code = match &self.0.operator {
                Operator::Beside(service) => {
                    let service = service.read().unwrap().clone();
                    service.init_platform_administrator("root").await.unwrap().code.expose().to_owned()
                }
                Operator::Command(init) => init("root"),
            };
            let root = User::new(self, "platform", "root");
            root.activate(&code).await.empty(204);
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

    /// With this body of this media type.
    pub fn file(self, media_type: &str, file: impl Into<Vec<u8>>) -> Self {
        self.map(|request| request.header("content-type", media_type).body(file.into()))
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
        let what = self.what.clone();
        self.try_send().await.unwrap_or_else(|why| panic!("{what}: no reply: {why:?}"))
    }

    /// Sends it to a service whose database was made to fail: 500 is a status like any other.
    pub async fn send_into_fault(self) -> u16 {
        self.request.send().await.unwrap().status().as_u16()
    }

    /// Sends it to a service that may be gone. An error: there was no whole reply.
    pub async fn try_send(self) -> reqwest::Result<Reply> {
        let response = self.request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?;
        let reply = Reply::new(self.client, self.what, status, headers, body.to_vec());
        reply.check_what_all_replies_have();
        Ok(reply)
    }
}
