//! `GET /openapi.yaml`, `GET /openapi.json`

use actix_web::{
    HttpResponse,
    http::header::CONTENT_TYPE,
    web::{self, Bytes, Data, ServiceConfig},
};
use utoipa::openapi::{OpenApi, ServerBuilder};

/// The document as this service serves it, made once.
pub struct Served {
    yaml: Bytes,
    json: Bytes,
}

impl Served {
    /// The document with the server that clients reach: `public_url`, or the origin from which they got the document.
    pub fn new(mut document: OpenApi, public_url: Option<&str>) -> Self {
        let server = ServerBuilder::new().url(public_url.unwrap_or("/")).description(Some("This service")).build();
        document.servers = Some(vec![server]);
        // Both forms always serialize: a unit test writes them to a file.
        Self {
            yaml: Bytes::from(document.to_yaml().unwrap_or_default()),
            json: Bytes::from(document.to_pretty_json().unwrap_or_default()),
        }
    }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/openapi.yaml", web::get().to(yaml)).route("/openapi.json", web::get().to(json));
}

async fn yaml(served: Data<Served>) -> HttpResponse {
    // RFC 9512
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/yaml")).body(served.yaml.clone())
}

async fn json(served: Data<Served>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(served.json.clone())
}
