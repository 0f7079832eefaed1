//! Only what is in the catalogue is granted.

use permissions::PermissionSet;
use store::{Conn, tables::application_permissions};

use crate::{Error, FieldError, Result};

/// Refuses permissions that no application has registered. Those that are registered stay so until the transaction ends.
///
/// # Errors
/// [`Error::Validation`] names them.
pub(crate) fn must_be_registered(conn: &mut Conn, granted: &PermissionSet) -> Result<()> {
    let names = application_permissions::names_in(granted.iter());
    if names.is_empty() {
        return Ok(());
    }
    let registered = application_permissions::hold(conn, &names)?;
    let unknown = names.iter().filter(|name| !registered.iter().any(|known| known == *name)).map(|name| FieldError {
        pointer: "/permissions".to_owned(),
        code: "unknown_permission",
        message: format!("no application has registered {name}"),
    });
    let unknown: Vec<_> = unknown.collect();
    if unknown.is_empty() { Ok(()) } else { Err(Error::Validation(unknown)) }
}
