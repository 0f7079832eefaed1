//! `GET /openapi.yaml`, `GET /openapi.json`

use std::sync::OnceLock;

use actix_web::{
    HttpResponse,
    http::header::CONTENT_TYPE,
    web::{self, Bytes, Data, ServiceConfig},
};
use utoipa::openapi::{OpenApi, ServerBuilder};

use crate::openapi;

/// The document as this service serves it. Each form is made once, when it is asked for: a start does not wait for it.
pub struct Served {
    /// Where clients reach the service.
    url: String,
    yaml: OnceLock<Bytes>,
    json: OnceLock<Bytes>,
}

impl Served {
    /// The document with the server that clients reach: `public_url`, or the origin from which they got the document.
    pub fn new(public_url: Option<&str>) -> Self {
        Self { url: public_url.unwrap_or("/").to_owned(), yaml: OnceLock::new(), json: OnceLock::new() }
    }

    fn document(&self) -> OpenApi {
        let mut document = openapi();
        let server = ServerBuilder::new().url(&self.url).description(Some("This service")).build();
        document.servers = Some(vec![server]);
        document
    }

    // Both forms always serialize: a unit test writes them to a file.

    fn yaml(&self) -> Bytes {
        self.yaml.get_or_init(|| Bytes::from(self.document().to_yaml().unwrap_or_default())).clone()
    }

    fn json(&self) -> Bytes {
        self.json.get_or_init(|| Bytes::from(self.document().to_pretty_json().unwrap_or_default())).clone()
    }
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/openapi.yaml", web::get().to(yaml)).route("/openapi.json", web::get().to(json));
}

async fn yaml(served: Data<Served>) -> HttpResponse {
    // RFC 9512
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/yaml")).body(served.yaml())
}

async fn json(served: Data<Served>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(served.json())
}
