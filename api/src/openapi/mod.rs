//! The OpenAPI document, collected from the operations without a running server.

mod arrays;
mod asked;
mod base;
mod finish;
#[cfg(test)]
mod lint_tests;
mod problems;
mod references;
mod unions;

use actix_web::http::Method;
use utoipa::openapi::{OpenApi, PathItem, path::Operation};
use utoipa_actix_web::AppExt;

pub(crate) use self::problems::{error_replies, problems};
use crate::operations;

/// The whole document.
pub fn openapi() -> OpenApi {
    let app = actix_web::App::new()
        .into_utoipa_app()
        .openapi(base::document())
        .configure(|config| operations::operations(config));
    let (_, mut document) = app.split_for_parts();
    unions::flatten(&mut document);
    references::tidy(&mut document);
    finish::finish(&mut document);
    document
}

/// The operations of one path.
pub fn operations(item: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::DELETE, &item.delete),
        (Method::PATCH, &item.patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}
