//! What a user holds.

use kernel::{AccountId, UserId};
use permissions::{Permission, PermissionSet, change};
use store::{
    Conn,
    tables::{accounts, imported_users, user_permissions, users},
};

use super::administrators::keep_one;
use crate::{
    Actor, Error, FieldError, PLATFORM_SLUG, Result,
    acting::{ActedUpon, act_upon},
    service::Service,
};

/// Reads permissions by name; otherwise says which are none.
pub(crate) fn parse_permissions(names: &[String]) -> std::result::Result<PermissionSet, Vec<FieldError>> {
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

/// What a user holds, and the version of the user.
#[derive(Clone, Debug)]
pub struct UserPermissions {
    /// What the user holds.
    pub permissions: PermissionSet,
    /// Grows with every change of the user; for `ETag`.
    pub version: i64,
}

impl Service {
    /// What the user holds.
    pub async fn read_user_permissions(&self, account: AccountId, user: UserId) -> Result<UserPermissions> {
        self.store
            .read(move |conn| {
                let user = users::by_id(conn, account, user)?.ok_or(Error::NotFound)?;
                let permissions = user_permissions::of_user(conn, account, user.id)?;
                Ok(UserPermissions { permissions, version: user.version })
            })
            .await
    }

    /// Makes `names` what the user holds. It counts at our own endpoints at once, and in access tokens from the next
    /// refresh on. `if_version`: the version that the caller has seen.
    ///
    /// # Errors
    /// [`Error::Validation`], [`Error::GrantRefused`], [`Error::PreconditionFailed`]; [`Error::Conflict`] when the
    /// account would be left without an administrator.
    pub async fn replace_user_permissions(
        &self,
        actor: &Actor,
        account: AccountId,
        user: UserId,
        names: &[String],
        if_version: Option<i64>,
    ) -> Result<UserPermissions> {
        let wanted = parse_permissions(names).map_err(Error::Validation)?;
        let (actor, now) = (actor.clone(), self.core.now());
        self.store
            .write(move |conn| {
                let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                accounts::lock(conn, account.id)?;
                let needs = Permission::UserPermissions;
                let ActedUpon { target: user, held_by_actor } = act_upon(conn, &actor, needs, account.id, user, now)?;
                if if_version.is_some_and(|version| version != user.version) {
                    return Err(Error::PreconditionFailed);
                }
                let current = user_permissions::of_user(conn, account.id, user.id)?;
                let change = change(&held_by_actor, &current, &wanted, account.slug == PLATFORM_SLUG)?;
                if change.granted.is_empty() && change.revoked.is_empty() {
                    return Ok(UserPermissions { permissions: current, version: user.version });
                }
                refuse_known_password(conn, account.id, user.id, &change.granted)?;
                keep_one(conn, &account, user.id, &change.revoked)?;
                for permission in change.granted.iter() {
                    user_permissions::grant(conn, account.id, user.id, permission, now)?;
                }
                for permission in change.revoked.iter() {
                    user_permissions::revoke(conn, account.id, user.id, permission)?;
                }
                users::touch(conn, account.id, user.id)?;
                Ok(UserPermissions { permissions: wanted.clone(), version: user.version.saturating_add(1) })
            })
            .await
    }
}

/// Refuses to grant what the importer of the user does not hold while the password is the imported one: the importer may
/// know it, and would hold with it what nobody gave.
///
/// # Errors
/// [`Error::Conflict`].
fn refuse_known_password(conn: &mut Conn, account: AccountId, user: UserId, granted: &PermissionSet) -> Result<()> {
    let Some((importer_account, importer)) = imported_users::knows_password(conn, account, user)? else {
        return Ok(());
    };
    let held = user_permissions::of_user(conn, importer_account, importer)?;
    if granted.iter().all(|permission| held.covers(permission)) {
        return Ok(());
    }
    let why = "whoever imported this user may know the password and does not hold what is granted; send an activation code \
               first, so that the user chooses another";
    Err(Error::Conflict(why.to_owned()))
}
