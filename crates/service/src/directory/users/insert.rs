//! Inserts the rows of a new user.

use kernel::{AccountId, Id, OsRandom};
use permissions::PermissionSet;
use store::{
    StoreError,
    tables::{
        Author,
        directory::{
            address_authors, user_permissions,
            users::{self, Status, User},
        },
    },
};

use crate::base::{
    error::{Error, Result},
    model::Username,
    tx::Tx,
};

/// A new user whose names have been parsed.
#[derive(Clone)]
pub(crate) struct NewUserRecord {
    pub(crate) name: Username,
    pub(crate) display_name: Option<String>,
    pub(crate) email: Option<String>,
}

impl NewUserRecord {
    /// A user with nothing but a name.
    pub(crate) const fn named(name: Username) -> Self {
        Self { name, display_name: None, email: None }
    }
}

/// Inserts a user without a password who holds `permissions`. `author`: who adds the user; `None`: the operator.
///
/// # Errors
/// [`Error::Conflict`] when the name, or one that looks like it, is taken; [`Error::LimitReached`].
pub(crate) fn insert_user(
    tx: &mut Tx<'_>,
    account_id: AccountId,
    new: &NewUserRecord,
    permissions: &PermissionSet,
    author: Option<Author>,
) -> Result<User> {
    let user = User {
        account_id,
        id: Id::generate(tx.now, &mut OsRandom),
        username: new.name.text.clone(),
        username_key: new.name.key.clone(),
        display_name: new.display_name.clone(),
        email: new.email.clone(),
        status: Status::Active,
        password_hash: None,
        password_changed_at: None,
        password_change_required: false,
        version: 1,
        created_at: tx.now,
    };
    users::insert(tx.conn, &user).map_err(name_taken)?;
    if user.email.is_some() {
        address_authors::set(tx.conn, account_id, user.id, author)?;
    }
    for permission in permissions.iter() {
        user_permissions::grant(tx.conn, account_id, user.id, permission, tx.now)?;
    }
    Ok(user)
}

/// The error for a user whose names cannot be written.
pub(super) fn name_taken(why: StoreError) -> Error {
    match why {
        StoreError::UniqueViolation { constraint } if users::is_look_alike(&constraint) => Error::Conflict(
            "the account already has a user whose name looks the same; nobody could tell the two apart".to_owned(),
        ),
        StoreError::UniqueViolation { .. } => {
            Error::Conflict("the account already has a user with this name".to_owned())
        }
        other => other.into(),
    }
}
