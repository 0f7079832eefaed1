//! `GET /docs`: Swagger UI, and what shows our document with it.

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

/// A file of ours, with its name.
macro_rules! ours {
    ($($name:literal),*) => { &[$(($name, include_str!(concat!("assets/", $name)))),*] };
}

/// Our files.
const OURS: &[(&str, &str)] =
    ours!["arrange.js", "links.js", "page.css", "samples.js", "search.js", "start.js", "tasks.js"];

pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/docs", web::get().to(page)).route("/docs/{file}", web::get().to(file));
}

async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(include_str!("assets/page.html"))
}

async fn file(name: web::Path<String>) -> Result<HttpResponse> {
    if let Some((name, text)) = OURS.iter().find(|(ours, _)| *ours == name.as_str()) {
        let kind = if name.rsplit('.').next() == Some("css") {
            "text/css; charset=utf-8"
        } else {
            "text/javascript; charset=utf-8"
        };
        return Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, kind)).body(*text));
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
