//! Authenticates and authorizes the caller.

use std::{future::Future, marker::PhantomData, pin::Pin};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use kernel::{AccountId, entity};
use permissions::Permission;
use service::Actor;

use super::{Authenticated, PathId, authenticated::app};
use crate::{
    app::App,
    problem::{Problem, Result},
};

/// A permission as a type, so that it appears in the signature of a handler.
pub trait Requires: 'static {
    /// The required permission.
    const PERMISSION: Permission;
    /// A permission that is accepted instead.
    const OR: Option<Permission> = None;
}

/// The maximum age of a sign-in, as a type.
pub trait Freshness: 'static {
    /// Rejects a sign-in that is too old.
    fn check(app: &App, actor: &Actor) -> Result<()>;
}

/// Requires `account_settings`.
#[derive(Debug)]
pub enum AccountSettings {}
/// Requires `password_management`.
#[derive(Debug)]
pub enum PasswordManagement {}
/// Requires `user_permissions`.
#[derive(Debug)]
pub enum UserPermissions {}
/// Requires `api_keys`.
#[derive(Debug)]
pub enum ApiKeys {}
/// Requires `audit_read`.
#[derive(Debug)]
pub enum AuditRead {}

impl Requires for AccountSettings {
    const PERMISSION: Permission = Permission::AccountSettings;
}
impl Requires for PasswordManagement {
    const PERMISSION: Permission = Permission::PasswordManagement;
}
impl Requires for UserPermissions {
    const PERMISSION: Permission = Permission::UserPermissions;
}
impl Requires for ApiKeys {
    const PERMISSION: Permission = Permission::ApiKeys;
}
impl Requires for AuditRead {
    const PERMISSION: Permission = Permission::AuditRead;
}

/// Requires `A` or `B`, whichever the caller holds.
#[derive(Debug)]
pub struct OneOf<A, B>(PhantomData<fn() -> (A, B)>);

impl<A: Requires, B: Requires> Requires for OneOf<A, B> {
    const PERMISSION: Permission = A::PERMISSION;
    const OR: Option<Permission> = Some(B::PERMISSION);
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

/// A caller who may do what `R` guards to the account in the path.
///
/// Rejects in this order: no valid token (401), another account (404), no permission (403), sign-in too old (401).
#[derive(Debug)]
pub struct Guarded<R, F = AnyAge> {
    /// The caller.
    pub actor: Actor,
    /// The account in the path.
    pub account_id: AccountId,
    marker: PhantomData<fn() -> (R, F)>,
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
            match R::OR {
                None => app.service.allow(&actor, account_id, R::PERMISSION, &operation).await?,
                Some(other) => app.service.allow_either(&actor, account_id, R::PERMISSION, other, &operation).await?,
            }
            F::check(app, &actor)?;
            Admitted::note(&request, &actor, account_id);
            Ok(Self { actor, account_id, marker: PhantomData })
        })
    }
}

/// A caller who may administer the platform.
///
/// Rejects in this order: no valid token (401), no platform administrator (403), sign-in too old (401).
#[derive(Debug)]
pub struct Platform<F = AnyAge> {
    /// The caller.
    pub actor: Actor,
    marker: PhantomData<fn() -> F>,
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
            app.service.allow_platform(&actor, &operation(&request)).await?;
            F::check(app, &actor)?;
            Admitted::note(&request, &actor, actor.account_id);
            Ok(Self { actor, marker: PhantomData })
        })
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
