//! Shares the caller's identity with the layers around a handler.

use std::{cell::Cell, rc::Rc};

use actix_web::{HttpMessage, HttpRequest, dev::ServiceRequest};
use kernel::{ApiKeyId, UserId};
use service::{Actor, Credential};

/// An authenticated caller.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// A user.
    User(UserId),
    /// An API key.
    ApiKey(ApiKeyId),
}

/// Holds the sender of a request, once known. It outlives the request, which is gone if a handler panics.
#[derive(Clone, Default)]
pub struct Caller(Rc<Cell<Option<Who>>>);

impl Caller {
    /// Attaches a new holder to `request`.
    pub fn share(request: &mut ServiceRequest) -> Self {
        let caller = Self::default();
        request.extensions_mut().insert(caller.clone());
        caller
    }

    /// Records the sender of `request`.
    pub fn note(request: &HttpRequest, actor: &Actor) {
        if let Some(Self(place)) = request.extensions().get::<Self>() {
            place.set(Some(match &actor.credential {
                Credential::Session(session) => Who::User(session.user_id),
                Credential::ApiKey(key) => Who::ApiKey(key.id),
            }));
        }
    }

    /// The sender of the request, if an extractor has asked.
    pub fn who(&self) -> Option<Who> {
        self.0.get()
    }
}
