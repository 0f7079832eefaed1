//! Authenticates the caller.

use std::{future::Future, marker::PhantomData, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use service::Actor;

use super::{Accepts, AnyAge, Caller, ClientSource, Demands, Documented, Freshness, bearer_token};
use crate::{
    app::App,
    problem::{Code, Problem, Result},
};

/// An authenticated caller: the bearer token is an access token of a session that has not ended, or a valid API key.
#[derive(Debug)]
pub struct Authenticated(pub Actor);

impl Authenticated {
    /// The sender of `request`.
    pub async fn of(request: &HttpRequest) -> Result<Actor> {
        let token = bearer_token(request.headers())?;
        let source = ClientSource::of(request)?;
        let actor = app(request)?.service.authenticate(token, source).await?;
        Caller::note(request, &actor);
        Ok(actor)
    }
}

/// The application's state, which every request has.
pub fn app(request: &HttpRequest) -> Result<&Data<App>> {
    request.app_data::<Data<App>>().ok_or_else(|| {
        tracing::error!("the application has no state");
        Problem::internal()
    })
}

impl FromRequest for Authenticated {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await.map(Self) })
    }
}

impl Documented for Authenticated {
    fn document(demands: &mut Demands) {
        demands.accept(Accepts::AnyCaller);
        // Malformed: two different headers `Authorization`.
        demands.reject_with(&[Code::InvalidToken, Code::MalformedRequest]);
    }
}

/// A user who is signed in. An API key is rejected: no program does for users what they do for themselves.
#[derive(Debug)]
pub struct Person<F = AnyAge>(pub Actor, PhantomData<fn() -> F>);

impl<F: Freshness> FromRequest for Person<F> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let actor = Authenticated::of(&request).await?;
            actor.session()?;
            F::check(app(&request)?, &actor)?;
            Ok(Self(actor, PhantomData))
        })
    }
}

impl<F: Freshness> Documented for Person<F> {
    fn document(demands: &mut Demands) {
        Authenticated::document(demands);
        demands.accept(Accepts::Person);
        demands.reject_with(&[Code::SessionRequired]);
        F::document(demands);
    }
}
