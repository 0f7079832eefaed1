//! Which keys somebody may manage.

use permissions::{PermissionSet, lacking};

use crate::base::error::{Error, Result};

/// Refuses to let somebody who holds `held` manage a key that was given what they could not grant.
///
/// # Errors
/// [`Error::PermissionRequired`] names what they lack.
pub(crate) fn reaches(held: &PermissionSet, given: &PermissionSet) -> Result<()> {
    match lacking(held, given) {
        None => Ok(()),
        Some(lacking) => Err(Error::PermissionRequired(lacking.clone())),
    }
}
