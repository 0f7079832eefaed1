//! From a request to typed values. Everything that can be refused without knowing the operation is refused here.
//!
//! A handler's signature says what it needs. Where several things can be wrong at once the order is fixed: the
//! credential (401), what the path names (404), the permission (403), and only then query and body.

mod bearer;
mod body;
mod etag;
mod idempotency;
mod negotiation;
mod page;
mod path;
mod query;
mod source;
mod then;

pub use self::{
    bearer::{Bearer, bearer_token},
    body::{Body, BodyDeadline},
    etag::{ETag, IfMatch},
    idempotency::IdempotencyKey,
    negotiation::{Range, preferred},
    page::{Cursor, Limit, next_link},
    path::{InPath, PathId},
    query::Query,
    source::{ClientSource, client_address},
    then::Then,
};
