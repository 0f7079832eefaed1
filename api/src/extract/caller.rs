//! Who asked, for the layers around a handler.

use std::{cell::Cell, rc::Rc};

use actix_web::{HttpMessage, HttpRequest, dev::ServiceRequest};
use kernel::{ApiKeyId, UserId};
use service::{Actor, Credential};

/// Somebody who is known.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// A person.
    User(UserId),
    /// A program.
    ApiKey(ApiKeyId),
}

/// A place where it is noted who sent a request, once that is known. It outlives the request, which is gone when a handler
/// panics.
#[derive(Clone, Default)]
pub struct Caller(Rc<Cell<Option<Who>>>);

impl Caller {
    /// Gives `request` such a place.
    pub fn share(request: &mut ServiceRequest) -> Self {
        let caller = Self::default();
        request.extensions_mut().insert(caller.clone());
        caller
    }

    /// Notes who sent `request`.
    pub fn note(request: &HttpRequest, actor: &Actor) {
        if let Some(Self(place)) = request.extensions().get::<Self>() {
            place.set(Some(match &actor.credential {
                Credential::Session(session) => Who::User(session.user_id),
                Credential::ApiKey(key) => Who::ApiKey(key.id),
            }));
        }
    }

    /// Who sent the request, as far as anybody has asked.
    pub fn who(&self) -> Option<Who> {
        self.0.get()
    }
}
