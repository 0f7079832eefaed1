//! The layers that every request passes: [`edge()`] is the outermost.

mod access_log;
mod cors;
mod denied;
mod edge;
mod forwarded;
mod headers;
mod limits;
mod request_id;
mod unread_body;

pub use self::{cors::cors, edge::edge, forwarded::Unheard, request_id::RequestId};
