//! The last administrator of an account stays.

use permissions::Permission;
use store::{
    Conn,
    tables::{accounts::Account, permission_holders},
};

use crate::{Error, PLATFORM_SLUG, Result};

/// What makes somebody an administrator of this account: only who holds it can appoint another.
fn of(account: &Account) -> Permission {
    if account.slug == PLATFORM_SLUG { Permission::PlatformAdministration } else { Permission::UserPermissions }
}

/// Makes a change that may take permissions from somebody, whichever way: by a grant, a role, a status, or for good.
/// It is undone if it takes the last administrator from the account. The caller has locked the account.
///
/// # Errors
/// [`Error::Conflict`], and those of `change`.
pub(crate) fn keep_one<T>(
    conn: &mut Conn,
    account: &Account,
    change: impl FnOnce(&mut Conn) -> Result<T>,
) -> Result<T> {
    let needed = of(account);
    let before = permission_holders::holding(conn, account.id, &needed)?;
    let outcome = change(conn)?;
    // An account may have none to begin with, or one who has not set a password yet.
    if permission_holders::holding(conn, account.id, &needed)? < before {
        return Err(Error::Conflict(format!(
            "nobody would be left in the account who holds {needed} and can sign in; grant it to another first"
        )));
    }
    Ok(outcome)
}
