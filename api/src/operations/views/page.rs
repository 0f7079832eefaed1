//! A page of a list as a reply.

use std::fmt::Display;

use actix_web::{HttpRequest, HttpResponse, http::header::LINK};
use serde::Serialize;
use service::Page;

use crate::extract::{Cursor, next_link};

/// The reply with one page: its body, made of the items and the next cursor, and the header `Link` if there is a next
/// page.
pub fn paged<Item, Key: Display, Body: Serialize>(
    request: &HttpRequest,
    page: Page<Item, Key>,
    body: impl FnOnce(Vec<Item>, Option<String>) -> Body,
) -> HttpResponse {
    let next = page.next.map(Cursor::after);
    let mut response = HttpResponse::Ok();
    if let Some(next) = &next {
        response.insert_header((LINK, next_link(request, next)));
    }
    response.json(body(page.items, next.as_ref().map(Cursor::encode)))
}
