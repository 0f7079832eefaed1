//! Who asks.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use service::Actor;

use super::bearer_token;
use crate::{
    app::App,
    problem::{Problem, Result},
};

/// A signed-in user: the bearer token is a valid access token of a session that has not ended.
#[derive(Debug)]
pub struct Authenticated(pub Actor);

impl Authenticated {
    /// Who sent `request`.
    pub async fn of(request: &HttpRequest) -> Result<Actor> {
        let token = bearer_token(request.headers())?;
        Ok(app(request)?.service.authenticate(token).await?)
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
