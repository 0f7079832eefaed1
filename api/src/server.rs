//! The HTTP server: started by the binary and, in the same way, by tests.

use std::{io, net::SocketAddr, sync::Arc, thread, time::Duration};

use actix_web::{
    HttpServer,
    body::MessageBody,
    dev::{ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Condition, from_fn},
    web::{self, Data},
};
use kernel::Clock;
use service::Service;
use store::Progress;
use tokio::sync::oneshot;
use utoipa_actix_web::AppExt;

use crate::{
    app::App,
    background::Background,
    config::{self, Config},
    extract::BodyDeadline,
    middleware::{cors, edge},
    open::{OpenError, open_service},
    openapi::openapi,
    operations::{PathTable, Served, routes, unknown},
};

/// A server that answers requests.
pub struct Running {
    address: SocketAddr,
    service: Service,
    handle: ServerHandle,
    thread: thread::JoinHandle<io::Result<()>>,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The service cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The configured address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

impl Running {
    /// Where it listens: with the port that the system chose if the configured one was 0.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The service behind the server, for what an operator does beside it.
    pub const fn service(&self) -> &Service {
        &self.service
    }

    /// Takes no more connections, waits for the requests under way (as long as the configuration says), and ends.
    pub async fn stop(self) -> io::Result<()> {
        self.handle.stop(true).await;
        self.ended().await
    }

    /// Waits for the end of the server.
    async fn ended(self) -> io::Result<()> {
        let joined = tokio::task::spawn_blocking(|| self.thread.join()).await;
        match joined {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(io::Error::other("the server thread panicked")),
        }
    }
}

/// Opens the service and answers requests on threads of its own, whatever runtime the caller has.
pub async fn start(config: &Config, clock: Arc<dyn Clock>) -> Result<Running, StartError> {
    start_telling(config, clock, &Progress::default()).await
}

/// The same, and says meanwhile what it waits for.
pub async fn start_telling(config: &Config, clock: Arc<dyn Clock>, progress: &Progress) -> Result<Running, StartError> {
    let service = open_service(config, Arc::clone(&clock), progress).await?;
    progress.at("beginning to listen");
    let app = App {
        service: service.clone(),
        clock,
        is_https: config.public_url().starts_with("https://"),
        trusted_proxies: config.server.trusted_proxies.clone(),
    };
    let (address, handle, thread) = run(Shared::new(app, &config.server), config)
        .await
        .map_err(|source| StartError::Listen { address: config.server.bind, source })?;
    Ok(Running { address, service, handle, thread })
}

type Thread = thread::JoinHandle<io::Result<()>>;

async fn run(shared: Shared, config: &Config) -> io::Result<(SocketAddr, ServerHandle, Thread)> {
    let (started, wait) = oneshot::channel();
    let config = config.clone();
    let thread = thread::Builder::new().name("http".to_owned()).spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let _background = Background::start(&shared.app.service, &config.maintenance);
            let server = match listen(shared, &config.server) {
                Ok((address, server)) => {
                    // Nobody waits any more: then the server ends with its handle.
                    let _ = started.send(Ok((address, server.handle())));
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
    let (address, handle) = wait.await.map_err(|_| io::Error::other("the server thread ended early"))??;
    Ok((address, handle, thread))
}

/// What all threads share.
#[derive(Clone)]
struct Shared {
    app: Data<App>,
    paths: Data<PathTable>,
    served: Data<Served>,
    body_deadline: BodyDeadline,
    cors_origins: Vec<String>,
}

impl Shared {
    fn new(app: App, config: &config::Server) -> Self {
        let document = openapi();
        Self {
            app: Data::new(app),
            paths: Data::new(PathTable::new(&document)),
            served: Data::new(Served::new(document, config.public_url.as_deref())),
            body_deadline: BodyDeadline(Duration::from_secs(config.body_seconds.into())),
            cors_origins: config.cors_origins.clone(),
        }
    }
}

fn listen(shared: Shared, config: &config::Server) -> io::Result<(SocketAddr, actix_web::dev::Server)> {
    let seconds = |seconds: u16| Duration::from_secs(seconds.into());
    let workers = config.workers.map_or_else(|| thread::available_parallelism().map_or(1, Into::into), usize::from);
    let server = HttpServer::new(move || application(shared.clone()))
        .workers(workers)
        .client_request_timeout(seconds(config.head_seconds))
        .client_disconnect_timeout(seconds(config.head_seconds))
        .keep_alive(seconds(config.keep_alive_seconds))
        .shutdown_timeout(config.shutdown_seconds.into())
        .disable_signals()
        .bind(config.bind)?;
    let address = server.addrs().first().copied().unwrap_or(config.bind);
    Ok((address, server.run()))
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
        .app_data(shared.paths)
        .app_data(shared.served)
        .app_data(shared.body_deadline)
        .into_utoipa_app()
        .configure(routes)
        .into_app()
        .default_service(web::to(unknown))
        .wrap(Condition::new(!shared.cors_origins.is_empty(), cors(&shared.cors_origins)))
        .wrap(from_fn(edge))
}
