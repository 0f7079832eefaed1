//! Creates the first platform administrator.

use kernel::{PlainToken, Time};
use permissions::{Permission, PermissionSet};
use store::{
    Store,
    tables::directory::{accounts, permission_holders, user_permissions, users},
};

use crate::{
    base::{
        audit::{Action, by_operator, names_of},
        error::{Error, Result},
        model::Username,
        platform_account::PLATFORM_SLUG,
        service::Service,
    },
    directory::{
        activation::{Way, issue_activation},
        users::{NewUserRecord, insert_user},
    },
};

/// The activation of the first platform administrator.
#[derive(Debug)]
pub struct InitialActivation {
    /// The name to sign in with, in the account [`PLATFORM_SLUG`].
    pub username: String,
    /// Sets the first password, once.
    pub code: PlainToken,
    /// When the code expires.
    pub expires_at: Time,
}

impl Service {
    /// Creates a platform administrator and issues an activation code. If the administrator has not set a
    /// password yet, a new code replaces the old one. Only the operator can call this: it takes the database and the master key.
    ///
    /// # Errors
    /// [`Error::Validation`] for an invalid name, [`Error::Conflict`] for a user who is active already.
    pub async fn init_platform_administrator(&self, username: &str) -> Result<InitialActivation> {
        let name = Username::parse(username).map_err(|why| Error::field("/username", "invalid", why))?;
        self.transact(move |tx| {
            let account = accounts::by_slug(tx.conn, PLATFORM_SLUG)?
                .ok_or_else(|| Error::Internal("there is no platform account".to_owned()))?;
            accounts::lock(tx.conn, account.id)?;
            let wanted: PermissionSet = Permission::OURS.into_iter().collect();
            let user = match users::by_username_key(tx.conn, account.id, &name.key)? {
                None => {
                    let user = insert_user(tx, account.id, &NewUserRecord::named(name.clone()), &wanted, None)?;
                    let created = by_operator(Action::UserCreated).on(&user);
                    tx.record(account.id, created.with_list("permissions", names_of(&wanted)));
                    user
                }
                Some(user) => {
                    let held = user_permissions::of_user(tx.conn, account.id, user.id)?;
                    if user.password_hash.is_some() || !held.contains(&Permission::PlatformAdministration) {
                        let why =
                            format!("{} already exists in the platform account; choose another name", user.username);
                        return Err(Error::Conflict(why));
                    }
                    user
                }
            };
            let issued = issue_activation(tx, None, &user, Way::ByHand)?;
            Ok(InitialActivation { username: user.username, code: issued.code, expires_at: issued.expires_at })
        })
        .await
    }

    /// Whether somebody can administer the platform, or has a code to start with.
    pub async fn has_platform_administrator(&self) -> Result<bool> {
        has_platform_administrator(&self.store).await
    }
}

pub(super) async fn has_platform_administrator(store: &Store) -> Result<bool> {
    store
        .read(|conn| {
            let Some(account) = accounts::by_slug(conn, PLATFORM_SLUG)? else { return Ok(false) };
            Ok(permission_holders::is_held(conn, account.id, &Permission::PlatformAdministration)?)
        })
        .await
}
