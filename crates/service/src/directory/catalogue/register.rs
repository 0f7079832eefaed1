//! Registers an application's permission.

use permissions::{ApplicationPermission, Permission, PlatformAdministration};
use serde::{Deserialize, Serialize};
use store::{
    StoreError,
    tables::directory::application_permissions::{self, RegisteredPermission},
};

use super::CataloguedPermission;
use crate::{
    authority::{acting::Acting, allowed::Allowed},
    base::{
        audit::{Action, permission_named},
        error::{Error, FieldError, Result},
        idempotency::IdempotencyKey,
        model::description,
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
    /// Registers a permission of an application.
    ///
    /// # Errors
    /// [`Error::Validation`]; [`Error::Conflict`] when it is registered already, or there are too many.
    pub async fn register_permission(
        &self,
        by: &Allowed<PlatformAdministration>,
        new: NewPermission,
        key: Option<IdempotencyKey>,
    ) -> Result<CataloguedPermission> {
        let (name, description) = parse(&new)?;
        let permission = Permission::Application(name.clone());
        let kept = self
            .act_on_catalogue(by, move |mut acting, platform| {
                acting.once(key.as_ref(), |Acting { tx, by, .. }| {
                    if application_permissions::count(tx.conn)? >= MAX_REGISTERED {
                        let why = format!("applications can register at most {MAX_REGISTERED} permissions in total");
                        return Err(Error::Conflict(why));
                    }
                    let registered = RegisteredPermission {
                        name: name.clone(),
                        description: description.clone(),
                        created_at: tx.now,
                    };
                    application_permissions::insert(tx.conn, &registered).map_err(|why| match why {
                        StoreError::UniqueViolation { .. } => {
                            Error::Conflict(format!("the permission {name} is already registered"))
                        }
                        other => other.into(),
                    })?;
                    let name = name.as_str().to_owned();
                    let registered = by.did(Action::PermissionRegistered).on(permission_named(&name));
                    tx.record(platform, registered);
                    Ok(Kept { name, description: description.clone(), created_at: tx.now })
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
