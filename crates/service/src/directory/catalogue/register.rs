//! Registers an application's permission.

use std::sync::Arc;

use permissions::{ApplicationPermission, Permission};
use serde::{Deserialize, Serialize};
use store::{
    StoreError,
    tables::directory::{
        accounts,
        application_permissions::{self, RegisteredPermission},
    },
};

use super::CataloguedPermission;
use crate::{
    authority::acting::{Needs, still_may},
    base::{
        audit::{Action, permission_named},
        error::{Error, FieldError, Result},
        idempotency::{IdempotencyKey, once},
        model::{Actor, description},
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
};

/// Permissions that applications may register. Every access token lists all that its user holds, and must fit into a
/// header.
const MAX_REGISTERED: i64 = 100;

/// A permission to register.
#[derive(Clone, Debug)]
pub struct NewPermission {
    /// `prefix.resource.action`; the prefix is the application's.
    pub name: String,
    /// A description of what it allows.
    pub description: String,
}

/// The reply, as stored for its idempotency key.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    description: String,
    created_at: kernel::Time,
}

impl Service {
    /// Registers a permission of an application. The caller is a platform administrator.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::Conflict`] when it is registered already, or there are too many.
    pub async fn register_permission(
        &self,
        actor: &Actor,
        new: NewPermission,
        key: Option<IdempotencyKey>,
    ) -> Result<CataloguedPermission> {
        actor.allow_platform()?;
        let (name, description) = parse(&new)?;
        let (core, actor, now) = (Arc::clone(&self.core), actor.clone(), self.core.now());
        let permission = Permission::Application(name.clone());
        let kept = self
            .write(move |conn, audit| {
                // Serialized, so that the count is right.
                let platform = accounts::by_slug(conn, PLATFORM_SLUG)?.ok_or(Error::NotFound)?;
                accounts::lock(conn, platform.id)?;
                still_may(conn, &actor, Needs::Platform, now)?;
                once(conn, &core, &actor, key.as_ref(), now, |conn| {
                    if application_permissions::count(conn)? >= MAX_REGISTERED {
                        let why = format!("applications can register at most {MAX_REGISTERED} permissions in total");
                        return Err(Error::Conflict(why));
                    }
                    let registered =
                        RegisteredPermission { name: name.clone(), description: description.clone(), created_at: now };
                    application_permissions::insert(conn, &registered).map_err(|why| match why {
                        StoreError::UniqueViolation { .. } => {
                            Error::Conflict(format!("the permission {name} is already registered"))
                        }
                        other => other.into(),
                    })?;
                    let name = name.as_str().to_owned();
                    let registered = actor.did(Action::PermissionRegistered).on(permission_named(&name));
                    audit.record(platform.id, registered);
                    Ok(Kept { name, description: description.clone(), created_at: now })
                })
            })
            .await?;
        Ok(CataloguedPermission { permission, description: kept.description, registered_at: Some(kept.created_at) })
    }
}

fn parse(new: &NewPermission) -> Result<(ApplicationPermission, String)> {
    let name = new.name.parse::<ApplicationPermission>().map_err(|why| why.to_string());
    let text = description(&new.description).map_err(str::to_owned);
    match (name, text) {
        (Ok(name), Ok(text)) => Ok((name, text)),
        (name, text) => {
            let error =
                |pointer: &str, message: String| FieldError { pointer: pointer.to_owned(), code: "invalid", message };
            let errors = [name.err().map(|why| error("/name", why)), text.err().map(|why| error("/description", why))];
            Err(Error::Validation(errors.into_iter().flatten().collect()))
        }
    }
}
