//! The HTTP server: started by the binary and, in the same way, by tests.

use std::{io, net::SocketAddr, thread, time::Duration};

use actix_web::{
    HttpServer,
    body::MessageBody,
    dev::{ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Condition, from_fn},
    web::{self, Data},
};
use tokio::sync::oneshot;
use utoipa_actix_web::AppExt;

use crate::{
    app::App,
    config,
    extract::BodyDeadline,
    middleware::{cors, edge},
    openapi::openapi,
    operations::{PathTable, Served, routes, unknown},
};

/// A server that answers requests.
pub struct Running {
    address: SocketAddr,
    handle: ServerHandle,
    thread: thread::JoinHandle<io::Result<()>>,
}

impl Running {
    /// Where it listens: with the port that the system chose if the configured one was 0.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more connections, waits for the requests under way (as long as the configuration says), and ends.
    pub async fn stop(self) -> io::Result<()> {
        self.handle.stop(true).await;
        let joined = tokio::task::spawn_blocking(|| self.thread.join()).await;
        match joined {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(io::Error::other("the server thread panicked")),
        }
    }
}

/// Listens and answers on threads of its own, whatever runtime the caller has.
pub async fn start(app: App, config: &config::Server) -> io::Result<Running> {
    let (started, wait) = oneshot::channel();
    let shared = Shared::new(app, config);
    let config = config.clone();
    let thread = thread::Builder::new().name("http".to_owned()).spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = match listen(shared, &config) {
                Ok((address, server)) => {
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
    Ok(Running { address, handle, thread })
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
