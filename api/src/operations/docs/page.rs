//! `GET /docs`: Swagger UI.

use std::{borrow::Cow, sync::Arc};

use actix_web::{
    HttpResponse,
    http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    web::{self, Bytes, ServiceConfig},
};
use utoipa_swagger_ui::{Config, serve};

use crate::problem::{Problem, Result};

/// The page loads only from here. Swagger UI sets styles in attributes and draws icons from data URIs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The files of Swagger UI that the page needs.
const FILES: &[&str] = &["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/docs", web::get().to(page)).route("/docs/{file}", web::get().to(file));
}

async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(include_str!("page.html"))
}

async fn file(name: web::Path<String>) -> Result<HttpResponse> {
    if name.as_str() == "start.js" {
        return Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/javascript; charset=utf-8"))
            .body(include_str!("start.js")));
    }
    let known = FILES.contains(&name.as_str());
    let found = known.then(|| serve(&name, Arc::new(Config::<'static>::default())).ok().flatten()).flatten();
    let found = found.ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, found.content_type));
    if found.gzpipped {
        response.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(response.body(match found.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }))
}
