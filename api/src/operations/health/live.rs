//! `GET /healthz`

use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use crate::openapi::problems;

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

problems!(Problems = (), without database);

/// Check whether the process is alive
///
/// Returns 200 as long as the process can respond at all. Does not use the database. Restart the process if this check
/// fails, not if `/readyz` fails.
#[utoipa::path(
    tag = "health",
    responses((status = 200, description = "The process is alive.", body = Liveness), Problems),
)]
#[get("/healthz")]
pub async fn get_liveness() -> HttpResponse {
    HttpResponse::Ok().json(Liveness { status: "alive", version: env!("CARGO_PKG_VERSION") })
}
