//! Decides which API keys a caller may manage.

use permissions::{PermissionSet, lacking};

use crate::base::error::{Error, Result};

/// Rejects a caller who holds `held` and would manage a key with a permission that they could not grant.
///
/// # Errors
/// [`Error::PermissionRequired`] names what they lack.
pub(crate) fn reaches(held: &PermissionSet, given: &PermissionSet) -> Result<()> {
    match lacking(held, given) {
        None => Ok(()),
        Some(lacking) => Err(Error::PermissionRequired(lacking.clone())),
    }
}
