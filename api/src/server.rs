//! The HTTP server: started by the binary and, in the same way, by tests.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread,
    time::Duration,
};

use actix_web::{
    HttpServer,
    body::MessageBody,
    dev::{ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Condition, from_fn},
    web::{self, Data},
};
use kernel::Clock;
use service::Service;
use store::{Closed, Progress};
use tokio::sync::oneshot;

use crate::{
    app::App,
    background::Background,
    config::{self, Bind, Config, Invalid},
    extract::BodyDeadline,
    middleware::{Unheard, cors, edge},
    open::{OpenError, open_service},
    operations::{Served, routes, unknown},
};

/// How long the end of the server waits for the database, which may be at a statement that takes long.
const PATIENCE: Duration = Duration::from_secs(15);

/// A server that answers requests.
pub struct Running {
    address: SocketAddr,
    further_addresses: Vec<SocketAddr>,
    service: Service,
    handle: ServerHandle,
    thread: Thread,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The service cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The server cannot listen on the address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The configured address.
        address: Bind,
        /// The system's error.
        source: io::Error,
    },
}

impl Running {
    /// Where it listens: with the port that the system chose if the configured one was 0.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where else it listens, if the configured host name has several addresses.
    pub fn further_addresses(&self) -> &[SocketAddr] {
        &self.further_addresses
    }

    /// The service behind the server, for an operator's work beside it.
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// Accepts no more connections, waits for running requests (as long as the configuration says), and ends.
    pub async fn stop(self) -> io::Result<()> {
        self.handle.stop(true).await;
        ended(self.thread).await
    }

    /// The same, and closes the database. Nobody else may have the service.
    pub async fn stop_and_close(self) -> io::Result<()> {
        let closed = self.service.closed();
        let stopped = self.stop().await;
        close(closed).await;
        stopped
    }
}

/// Waits for the end of the server.
async fn ended(thread: Thread) -> io::Result<()> {
    match tokio::task::spawn_blocking(|| thread.join()).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) | Err(_) => Err(io::Error::other("the server thread panicked")),
    }
}

/// Waits for the end of the database. The threads that answered requests let their clones of the service go some time after
/// the server's end.
async fn close(closed: Closed) {
    if !tokio::task::spawn_blocking(move || closed.wait(PATIENCE)).await.is_ok_and(|closed| closed) {
        tracing::warn!("the database is still in use, and is not waited for any longer");
    }
}

/// Opens the service and answers requests on its own threads, whatever runtime the caller has.
pub async fn start(config: &Config, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
    start_telling(config, clock, &Progress::default()).await
}

/// The same, and reports what it waits for.
pub async fn start_telling(config: &Config, clock: Arc<dyn Clock>, progress: &Progress) -> Result<Running, StartError> {
    let service = open_service(config, Arc::clone(&clock), progress).await?;
    progress.at("starting to listen");
    let app = App {
        service: service.clone(),
        clock,
        is_https: config.public_url().starts_with("https://"),
        trusted_proxies: config.server.trusted_proxies.clone(),
        unheard: Unheard::default(),
    };
    let shared = Shared::new(app, &config.server).map_err(OpenError::from)?;
    let listening = |source| StartError::Listen { address: config.server.bind.clone(), source };
    let (thread, started) = spawn(shared, config).map_err(listening)?;
    let (addresses, handle) = match started.await {
        Ok(Ok(started)) => started,
        Ok(Err(error)) => {
            let _said = ended(thread).await;
            let closed = service.closed();
            drop(service);
            close(closed).await;
            return Err(listening(error));
        }
        Err(_) => return Err(listening(io::Error::other("the server thread ended early"))),
    };
    let mut addresses = addresses.into_iter();
    let address = addresses.next().ok_or_else(|| listening(io::Error::other("the name has no address")))?;
    Ok(Running { address, further_addresses: addresses.collect(), service, handle, thread })
}

type Thread = thread::JoinHandle<io::Result<()>>;

/// Where it listens, and how it is stopped; or why it does not listen.
type Started = oneshot::Receiver<io::Result<(Vec<SocketAddr>, ServerHandle)>>;

fn spawn(shared: Shared, config: &Config) -> io::Result<(Thread, Started)> {
    let (started, wait) = oneshot::channel();
    let config = config.clone();
    let thread = thread::Builder::new().name("http".to_owned()).spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let _background = Background::start(&shared.app.service, config.workers, &config.maintenance);
            let server = match listen(shared, &config.server) {
                Ok((addresses, server)) => {
                    // Nobody waits any more: then the server ends with its handle.
                    let _ = started.send(Ok((addresses, server.handle())));
                    server
                }
                Err(error) => {
                    let _ = started.send(Err(error));
                    return Ok(());
                }
            };
            server.await
        })
    })?;
    Ok((thread, wait))
}

/// What all threads share.
#[derive(Clone)]
struct Shared {
    app: Data<App>,
    served: Data<Served>,
    body_deadline: BodyDeadline,
    cors_origins: Vec<String>,
}

impl Shared {
    fn new(app: App, config: &config::Server) -> Result<Self, Invalid> {
        // Paths begin with their own slash.
        let public_url = config.public_url.as_deref().map(|url| url.trim_end_matches('/'));
        Ok(Self {
            app: Data::new(app),
            served: Data::new(Served::new(public_url)),
            body_deadline: BodyDeadline(Duration::from_secs(config.body_seconds.into())),
            cors_origins: config.origins()?,
        })
    }
}

fn listen(shared: Shared, config: &config::Server) -> io::Result<(Vec<SocketAddr>, actix_web::dev::Server)> {
    let seconds = |seconds: u16| Duration::from_secs(seconds.into());
    let workers = config.workers.map_or_else(|| thread::available_parallelism().map_or(1, Into::into), usize::from);
    let mut server = HttpServer::new(move || application(shared.clone()))
        .workers(workers)
        .client_request_timeout(seconds(config.head_seconds))
        .client_disconnect_timeout(seconds(config.head_seconds))
        .keep_alive(seconds(config.keep_alive_seconds))
        .shutdown_timeout(config.shutdown_seconds.into())
        .disable_signals();
    let (mut port, mut missing) = (config.bind.port(), None);
    for mut address in config.bind.addresses()? {
        // If the system chooses the port, it does so once for all addresses.
        address.set_port(port);
        match TcpListener::bind(address) {
            Ok(free) => drop(free),
            // A name may have an address that this machine lacks, such as an IPv6 address.
            Err(why) if is_not_of_this_machine(&why) => {
                tracing::warn!(%address, "not listening on this address: {why}");
                missing = Some(why);
                continue;
            }
            Err(why) => return Err(why),
        }
        server = server.bind(address)?;
        port = server.addrs().last().map_or(port, SocketAddr::port);
    }
    let addresses = server.addrs();
    match missing.filter(|_| addresses.is_empty()) {
        Some(why) => Err(why),
        None => Ok((addresses, server.run())),
    }
}

/// Whether the system has no such address, or no addresses of this kind.
pub(crate) fn is_not_of_this_machine(why: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = 97;
    why.kind() == io::ErrorKind::AddrNotAvailable || why.raw_os_error() == Some(EAFNOSUPPORT)
}

/// The application of one thread.
fn application(
    shared: Shared,
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    actix_web::App::new()
        .app_data(shared.app)
        .app_data(shared.served)
        .app_data(shared.body_deadline)
        .configure(routes)
        .default_service(web::to(unknown))
        .wrap(Condition::new(!shared.cors_origins.is_empty(), cors(&shared.cors_origins)))
        .wrap(from_fn(edge))
}
