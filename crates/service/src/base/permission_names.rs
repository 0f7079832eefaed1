//! Parses the names of permissions.

use permissions::{Permission, PermissionSet};

use crate::base::error::FieldError;

/// Parses permissions by name; the errors name those that are none.
pub(crate) fn parse_permissions(names: &[String]) -> Result<PermissionSet, Vec<FieldError>> {
    let mut unknown = Vec::new();
    let mut known = Vec::new();
    for (at, name) in names.iter().enumerate() {
        match name.parse::<Permission>() {
            Ok(permission) => known.push(permission),
            Err(why) => unknown.push(FieldError {
                pointer: format!("/permissions/{at}"),
                code: "unknown_permission",
                message: why.to_string(),
            }),
        }
    }
    if unknown.is_empty() { Ok(known.into_iter().collect()) } else { Err(unknown) }
}
