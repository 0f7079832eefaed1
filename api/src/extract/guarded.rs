//! Who asks, and that they may.

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

/// A permission as a type, so that it stands in the signature of a handler.
pub trait Requires: 'static {
    /// What is needed.
    const PERMISSION: Permission;
    /// What will do instead.
    const OR: Option<Permission> = None;
}

/// How long ago the last proof of identity may be, as a type.
pub trait Freshness: 'static {
    /// Refuses a sign-in that is too long ago.
    fn check(app: &App, actor: &Actor) -> Result<()>;
}

/// Needs `account_settings`.
#[derive(Debug)]
pub enum AccountSettings {}
/// Needs `password_management`.
#[derive(Debug)]
pub enum PasswordManagement {}
/// Needs `user_permissions`.
#[derive(Debug)]
pub enum UserPermissions {}
/// Needs `api_keys`.
#[derive(Debug)]
pub enum ApiKeys {}
/// Needs `audit_read`.
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

/// Needs `A` or `B`, whichever the caller holds.
#[derive(Debug)]
pub struct OneOf<A, B>(PhantomData<fn() -> (A, B)>);

impl<A: Requires, B: Requires> Requires for OneOf<A, B> {
    const PERMISSION: Permission = A::PERMISSION;
    const OR: Option<Permission> = Some(B::PERMISSION);
}

/// Any session will do, however old.
#[derive(Debug)]
pub enum AnyAge {}
/// The user has proved who it is not long ago (step-up, RFC 9470).
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

/// Somebody who may do to the account in the path what `R` guards.
///
/// Refuses in this order: no valid token (401), somebody else's account (404), no permission (403), too long ago (401).
#[derive(Debug)]
pub struct Guarded<R, F = AnyAge> {
    /// Who asks.
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

/// Somebody who may do what stands above accounts.
///
/// Refuses in this order: no valid token (401), no platform administrator (403), too long ago (401).
#[derive(Debug)]
pub struct Platform<F = AnyAge> {
    /// Who asks.
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

/// Who was let in by a guard, and to which account. Whoever is refused after that was not refused by the guard, which writes
/// its refusals down itself.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Who asks.
    pub actor: Actor,
    /// The account that it is about.
    pub account_id: AccountId,
}

impl Admitted {
    /// Who was let in with `request`, if anybody was.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    fn note(request: &HttpRequest, actor: &Actor, account_id: AccountId) {
        request.extensions_mut().insert(Self { actor: actor.clone(), account_id });
    }

    /// A guard that looks a second time may refuse then.
    fn forget(request: &HttpRequest) {
        request.extensions_mut().remove::<Self>();
    }
}

/// What was asked for, such as `GET /v1/accounts/{account_id}/users`.
pub fn operation(request: &HttpRequest) -> String {
    format!("{} {}", request.method(), request.match_pattern().unwrap_or_default())
}
