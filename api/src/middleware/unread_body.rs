//! Keeps request bodies that are not read to their end.
//!
//! actix-http drops the connection of a client whose body was not read when the reply is sent, except for a chunked
//! body (3.20, `should_close_for_unread_payload`): if its reader is gone, it keeps reading for as long as the client
//! likes, under no timer. A client that never ends such a body would hold its connection for free. So the reader is
//! kept until the reply is sent; then chunked bodies are like others.

use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest},
    error::PayloadError,
    http::header::TRANSFER_ENCODING,
    web::Bytes,
};
use futures_util::{Stream, StreamExt};

/// The reader of a chunked body, if the request has one.
pub struct UnreadBody(Option<Rc<RefCell<Payload>>>);

impl UnreadBody {
    /// Shares the reader with the handler of `request`.
    pub fn share(request: &mut ServiceRequest) -> Self {
        if !request.headers().contains_key(TRANSFER_ENCODING) {
            return Self(None);
        }
        let reader = Rc::new(RefCell::new(request.take_payload()));
        let stream = Shared(Rc::clone(&reader));
        request.set_payload(Payload::Stream { payload: Box::pin(stream) });
        Self(Some(reader))
    }

    /// The body of the reply, with which the reader is dropped.
    pub fn go_with(self, reply: BoxBody) -> BoxBody {
        match self.0 {
            Some(reader) => BoxBody::new(Reply { body: reply, _reader: reader }),
            None => reply,
        }
    }
}

/// The reader as a handler sees it.
struct Shared(Rc<RefCell<Payload>>);

impl Stream for Shared {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll_next_unpin(cx)
    }
}

struct Reply {
    body: BoxBody,
    _reader: Rc<RefCell<Payload>>,
}

impl MessageBody for Reply {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
