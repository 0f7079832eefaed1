//! Checks that granted permissions are registered in the catalogue.

use permissions::PermissionSet;
use store::{Conn, tables::directory::application_permissions};

use crate::base::error::{Error, FieldError, Result};

/// Refuses permissions that no application has registered. The registered ones stay registered until the transaction
/// ends.
///
/// # Errors
/// [`Error::Validation`] names them.
pub(crate) fn must_be_registered(conn: &mut Conn, granted: &PermissionSet) -> Result<()> {
    let unknown = unregistered(conn, granted)?.into_iter().map(|name| FieldError {
        pointer: "/permissions".to_owned(),
        code: "unknown_permission",
        message: not_registered(&name),
    });
    let unknown: Vec<_> = unknown.collect();
    if unknown.is_empty() { Ok(()) } else { Err(Error::Validation(unknown)) }
}

/// Those of `wanted` that no application has registered. The others stay registered until the transaction ends.
pub(crate) fn unregistered(conn: &mut Conn, wanted: &PermissionSet) -> Result<Vec<String>> {
    let names = application_permissions::names_in(wanted.iter());
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let registered = application_permissions::hold(conn, &names)?;
    let unknown = names.into_iter().filter(|name| !registered.iter().any(|known| known == name));
    Ok(unknown.map(str::to_owned).collect())
}

/// The message for a permission that is not in the catalogue.
pub(crate) fn not_registered(name: &str) -> String {
    format!("no application has registered {name}")
}
