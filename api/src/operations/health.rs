//! Liveness and readiness.

use crate::operations::registry::Registry;
use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use service::Error;
use utoipa::ToSchema;

use crate::{
    app::App,
    openapi::problems,
    problem::{Problem, Result},
};

/// The operations.
pub fn routes(config: &mut impl Registry) {
    config.service(get_liveness).service(get_readiness);
}

/// The process is alive.
#[derive(Serialize, ToSchema)]
pub struct Liveness {
    /// Always `alive`.
    #[schema(value_type = String, examples("alive"))]
    status: &'static str,
    /// The version of the service.
    #[schema(value_type = String, examples("0.1.0"))]
    version: &'static str,
}

problems!(LiveProblems = (), without database);

/// Check whether the process is alive
///
/// Returns 200 as long as the process can respond at all. Does not use the database. Restart the process if this check
/// fails, not if `/readyz` fails.
#[utoipa::path(
    tag = "health",
    responses((status = 200, description = "The process is alive.", body = Liveness), LiveProblems),
)]
#[get("/healthz")]
pub async fn get_liveness() -> HttpResponse {
    HttpResponse::Ok().json(Liveness { status: "alive", version: env!("CARGO_PKG_VERSION") })
}

/// The service is ready.
#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// Always `ready`.
    #[schema(value_type = String, examples("ready"))]
    status: &'static str,
    /// Always true: the database accepts writes. A node whose database does not is not ready.
    #[schema(examples(true))]
    writes: bool,
}

problems!(ReadyProblems = ());

/// Check whether the service is ready
///
/// Returns 200 if the database is reachable, all migrations have run and the database accepts writes; otherwise 503. If
/// the database accepts no writes, for example because the disk is full or the server is a standby, the problem has
/// `writes: false`. To check this, the service writes a small record, at most once a second, and remembers the last
/// write that failed. Configure your load balancer to send requests only to nodes that are ready.
#[utoipa::path(
    tag = "health",
    responses((status = 200, description = "The service is ready.", body = Readiness), ReadyProblems),
)]
#[get("/readyz")]
pub async fn get_readiness(app: Data<App>) -> Result<HttpResponse> {
    let service = &app.service;
    if let Err(error) = service.is_ready().await {
        let is_database = error == Error::DatabaseUnavailable;
        let problem = Problem::from(error);
        return Err(if is_database { problem.that_nothing_is_written() } else { problem });
    }
    match service.takes_writes().await {
        Ok(()) => Ok(HttpResponse::Ok().json(Readiness { status: "ready", writes: true })),
        Err(Error::DatabaseUnavailable) => Err(Problem::no_writes()),
        Err(error) => Err(error.into()),
    }
}
