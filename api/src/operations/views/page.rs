//! A page of a list as a reply.

use actix_web::{HttpRequest, HttpResponse, http::header::LINK};
use serde::Serialize;

use crate::extract::{Cursor, next_link};

/// The reply with one page: its body, and the header `Link` if there is a next one.
pub fn paged(request: &HttpRequest, body: &impl Serialize, next: Option<&Cursor>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(next) = next {
        response.insert_header((LINK, next_link(request, next)));
    }
    response.json(body)
}
