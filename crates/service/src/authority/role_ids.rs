//! Reads a list of role ids from a request.

use std::collections::BTreeSet;

use kernel::{AccountId, RoleId};
use store::{Conn, tables::directory::roles};

use crate::base::error::{Error, FieldError, Result};

/// The roles of this account that the field `role_ids` names, without duplicates.
///
/// # Errors
/// [`Error::Validation`] names each id that is no role of this account.
pub(crate) fn roles_of_account(conn: &mut Conn, account: AccountId, typed: &[String]) -> Result<BTreeSet<RoleId>> {
    known_roles(conn, account, &typed.iter().map(|id| id.parse().ok()).collect::<Vec<_>>())
}

/// The same for ids that are parsed already.
///
/// # Errors
/// [`Error::Validation`] names each id that is no role of this account, and each that is no id: `None`.
pub(crate) fn known_roles(conn: &mut Conn, account: AccountId, parsed: &[Option<RoleId>]) -> Result<BTreeSet<RoleId>> {
    let known: Vec<RoleId> = parsed.iter().flatten().copied().collect();
    let known: BTreeSet<RoleId> = roles::by_ids(conn, account, &known)?.iter().map(|role| role.id).collect();
    let wrong = parsed.iter().enumerate().filter(|(_, id)| !id.is_some_and(|id| known.contains(&id)));
    let errors: Vec<FieldError> = wrong
        .map(|(at, _)| FieldError {
            pointer: format!("/role_ids/{at}"),
            code: "unknown_role",
            message: "is not a role of this account".to_owned(),
        })
        .collect();
    if errors.is_empty() { Ok(known) } else { Err(Error::Validation(errors)) }
}
