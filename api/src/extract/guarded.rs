//! Authenticates and authorizes the caller.

use std::{future::Future, marker::PhantomData, ops::Deref, pin::Pin};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use kernel::{AccountId, entity};
use permissions::{PlatformAdministration, Requires};
use service::{Actor, Allowed};

use super::{Authenticated, Demands, Documented, PathId, authenticated::app};
use crate::{
    app::App,
    problem::{Code, Problem, Result},
};

/// The maximum age of a sign-in, as a type.
pub trait Freshness: Documented + 'static {
    /// Rejects a sign-in that is too old.
    fn check(app: &App, actor: &Actor) -> Result<()>;
}

/// Any session is accepted, however old.
#[derive(Debug)]
pub enum AnyAge {}
/// Requires a recent sign-in (step-up, RFC 9470).
#[derive(Debug)]
pub enum Fresh {}

impl Freshness for AnyAge {
    fn check(_: &App, _: &Actor) -> Result<()> {
        Ok(())
    }
}
impl Freshness for Fresh {
    fn check(app: &App, actor: &Actor) -> Result<()> {
        Ok(app.service.step_up(actor)?)
    }
}

impl Documented for AnyAge {
    fn document(_: &mut Demands) {}
}
impl Documented for Fresh {
    fn document(demands: &mut Demands) {
        demands.ask_for_recent_sign_in();
        demands.reject_with(&[Code::ReauthenticationRequired]);
    }
}

/// A caller who may do what `R` guards to the account in the path.
///
/// Rejects in this order: no valid token (401), another account (404), no permission (403), sign-in too old (401).
#[derive(Debug)]
pub struct Guarded<R, F = AnyAge> {
    allowed: Allowed<R>,
    freshness: PhantomData<fn() -> F>,
}

impl<R, F> Deref for Guarded<R, F> {
    type Target = Allowed<R>;

    fn deref(&self) -> &Allowed<R> {
        &self.allowed
    }
}

impl<R: Requires, F: Freshness> FromRequest for Guarded<R, F> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let actor = Authenticated::of(&request).await?;
            let account_id = PathId::<entity::Account>::of(&request)?;
            let app = app(&request)?;
            let operation = operation(&request);
            Admitted::forget(&request);
            let allowed = app.service.allow(actor, account_id, &operation).await?;
            F::check(app, allowed.actor())?;
            Admitted::note(&request, allowed.actor(), account_id);
            Ok(Self { allowed, freshness: PhantomData })
        })
    }
}

impl<R: Requires, F: Freshness> Documented for Guarded<R, F> {
    fn document(demands: &mut Demands) {
        Authenticated::document(demands);
        PathId::<entity::Account>::document(demands);
        demands.permit(R::PERMISSION);
        if let Some(other) = R::OR {
            demands.permit(other);
        }
        demands.reject_with(&[Code::PermissionRequired]);
        F::document(demands);
    }
}

/// A caller who may administer the platform.
///
/// Rejects in this order: no valid token (401), no platform administrator (403), sign-in too old (401).
#[derive(Debug)]
pub struct Platform<F = AnyAge> {
    allowed: Allowed<PlatformAdministration>,
    freshness: PhantomData<fn() -> F>,
}

impl<F> Deref for Platform<F> {
    type Target = Allowed<PlatformAdministration>;

    fn deref(&self) -> &Self::Target {
        &self.allowed
    }
}

impl<F: Freshness> FromRequest for Platform<F> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let actor = Authenticated::of(&request).await?;
            let app = app(&request)?;
            Admitted::forget(&request);
            let allowed = app.service.allow_platform(actor, &operation(&request)).await?;
            F::check(app, allowed.actor())?;
            Admitted::note(&request, allowed.actor(), allowed.account_id());
            Ok(Self { allowed, freshness: PhantomData })
        })
    }
}

impl<F: Freshness> Documented for Platform<F> {
    fn document(demands: &mut Demands) {
        Authenticated::document(demands);
        demands.permit(PlatformAdministration::PERMISSION);
        demands.reject_with(&[Code::PermissionRequired]);
        F::document(demands);
    }
}

/// A caller whom a guard admitted, and the account. A later rejection is not the guard's, which records its rejections
/// itself.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The caller.
    pub actor: Actor,
    /// The account of the operation.
    pub account_id: AccountId,
}

impl Admitted {
    /// The caller admitted with `request`, if any.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    fn note(request: &HttpRequest, actor: &Actor, account_id: AccountId) {
        request.extensions_mut().insert(Self { actor: actor.clone(), account_id });
    }

    /// A guard that checks a second time may reject then.
    fn forget(request: &HttpRequest) {
        request.extensions_mut().remove::<Self>();
    }
}

/// The requested operation, such as `GET /v1/accounts/{account_id}/users`.
pub fn operation(request: &HttpRequest) -> String {
    format!("{} {}", request.method(), request.match_pattern().unwrap_or_default())
}
