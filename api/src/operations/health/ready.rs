//! `GET /readyz`

use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    problem::{Code, Result, document::problems},
};

/// The service can do its work.
#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// Always `ready`.
    #[schema(value_type = String, examples("ready"))]
    status: &'static str,
}

problems!(Problems = &[Code::DatabaseUnavailable]);

/// Can the service do its work
///
/// Answers 200 when the database can be reached and all migrations have run, else 503. A load balancer sends requests
/// only to nodes that are ready.
#[utoipa::path(
    tag = "health",
    security(()),
    responses((status = 200, description = "The service is ready.", body = Readiness), Problems),
)]
#[get("/readyz")]
pub async fn get_readiness(app: Data<App>) -> Result<HttpResponse> {
    app.service.is_ready().await?;
    Ok(HttpResponse::Ok().json(Readiness { status: "ready" }))
}
