//! Authorises a caller again, in the transaction that writes.
//!
//! Between the check of the access token and the write come the rest of the request's body, the database's queue, and
//! other transactions. A session that has ended, a user who has been disabled, or a permission that has been revoked in
//! the meantime must not write any more: the transaction checks again, under locks.

use kernel::{AccountId, UserId};
use permissions::{Decision, Permission, PermissionSet, decide};
use store::{
    Conn,
    tables::{
        authority::grants::{self, Authority},
        directory::{
            api_keys,
            users::{self, Status, User},
        },
        sign_in::sessions,
    },
};

use super::{
    acted_upon::ActedUpon,
    authors::{look_at_authors, permissions_of},
    effective_key::effective_key,
};
use crate::base::{
    error::{Error, Result},
    model::{Actor, Credential, PresentedKey},
    tx::Tx,
};

/// What the operation requires.
#[derive(Clone, Debug)]
pub(crate) enum Needs {
    /// This permission in this account.
    In(AccountId, Permission),
    /// Platform administration.
    Platform,
}

/// Locks the user who is responsible for the actor and checks again. Returns what the actor holds now.
///
/// # Errors
/// Those of the first check.
pub(super) fn authorize(tx: &mut Tx<'_>, actor: &Actor, needs: Needs) -> Result<PermissionSet> {
    let (own, answerable) = actor.answerable();
    let user = users::lock_active(tx.conn, own, answerable)?;
    Ok(look_again(tx, actor, user, needs, None)?.0)
}

/// As [`authorize`], for whoever ordered work that is done later: the session may have ended since, and the secret of
/// the API key may have been replaced. `user`: who is responsible for the actor, locked.
///
/// # Errors
/// Those of [`authorize`].
pub(crate) fn authorize_later(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: Option<&User>,
    needs: Needs,
) -> Result<PermissionSet> {
    user.filter(|user| user.status == Status::Active).ok_or(Error::InvalidToken)?;
    if let Credential::ApiKey(key) = &actor.credential {
        lock_keys(tx.conn, actor, key)?;
    }
    let author = actor.author();
    let authority = look_at_authors(tx.conn, &[author], &[], &[actor.account_id])?;
    lets_in(&authority, actor)?;
    let held = permissions_of(&authority, &author, tx.now).ok_or(Error::InvalidToken)?;
    enough(held, actor, needs)
}

/// Locks the user who is responsible for the actor, and the target, in the order of their ids, and checks again. A
/// target who holds something that the actor could not grant cannot be acted upon: otherwise a help desk could take
/// over a higher-ranking user through their email address, second factor or sessions, or take away what only others can
/// give back.
///
/// # Errors
/// Those of the first check; [`Error::NotFound`] when there is no such user in the account; [`Error::OutOfReach`].
pub(super) fn authorize_on_user(
    tx: &mut Tx<'_>,
    actor: &Actor,
    needs: Permission,
    (account, target): (AccountId, UserId),
) -> Result<ActedUpon> {
    let (own, answerable) = actor.answerable();
    let (user, target) = if (own, answerable) <= (account, target) {
        let user = users::lock_active(tx.conn, own, answerable)?;
        (user, users::lock(tx.conn, account, target)?)
    } else {
        let target = users::lock(tx.conn, account, target)?;
        (users::lock_active(tx.conn, own, answerable)?, target)
    };
    let upon = target.as_ref().map(|target| (account, target.id));
    let (held_by_actor, held_by_target) = look_again(tx, actor, user, Needs::In(account, needs), upon)?;
    ActedUpon::new(actor, target.ok_or(Error::NotFound)?, held_by_actor, held_by_target)
}

/// What the actor holds, and what `upon` holds, read in one statement. `user`: who is responsible for the actor,
/// locked, if still active.
fn look_again(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: Option<User>,
    needs: Needs,
    upon: Option<(AccountId, UserId)>,
) -> Result<(PermissionSet, PermissionSet)> {
    let user = user.ok_or(Error::InvalidToken)?;
    let beside: Vec<_> = upon.into_iter().collect();
    let (held, authority) = match &actor.credential {
        Credential::Session(signed_in) => {
            let session = sessions::by_id(tx.conn, user.account_id, signed_in.session_id)?;
            session.filter(|session| session.session.is_alive(tx.now)).ok_or(Error::InvalidToken)?;
            let own = (user.account_id, user.id);
            let users: Vec<_> = beside.iter().copied().chain([own]).collect();
            let authority = grants::look(tx.conn, &users, &[actor.account_id], &[])?;
            (authority.held(own), authority)
        }
        Credential::ApiKey(key) => {
            lock_keys(tx.conn, actor, key)?;
            let effective = effective_key(tx.conn, key.secret, actor.source.address, &beside, tx.now)?;
            let effective = effective.ok_or(Error::InvalidToken)?;
            (effective.permissions, effective.authority)
        }
    };
    lets_in(&authority, actor)?;
    let held_upon = upon.map(|upon| authority.held(upon)).unwrap_or_default();
    Ok((enough(held, actor, needs)?, held_upon))
}

/// Refuses a user who may not sign in, and the key of an account that is not active: the user who is responsible for
/// the key may belong to the platform's account, which is active all the same.
fn lets_in(authority: &Authority, actor: &Actor) -> Result<()> {
    if authority.may_sign_in(actor.answerable()) && authority.lets_in(actor.account_id) {
        return Ok(());
    }
    Err(Error::InvalidToken)
}

/// What the actor holds, if it is sufficient.
fn enough(held: PermissionSet, actor: &Actor, needs: Needs) -> Result<PermissionSet> {
    match needs {
        Needs::In(account, permission) => match decide(&held, actor.account_id, account, permission) {
            Decision::Allowed => Ok(held),
            Decision::Missing(permission) => Err(Error::PermissionRequired(permission)),
            Decision::Hidden => Err(Error::NotFound),
        },
        Needs::Platform if held.covers(&Permission::PlatformAdministration) => Ok(held),
        Needs::Platform => Err(Error::PermissionRequired(Permission::PlatformAdministration)),
    }
}

/// Locks the key, and the key of the program that it was shown to, in the order of their ids.
fn lock_keys(conn: &mut Conn, actor: &Actor, key: &PresentedKey) -> Result<()> {
    let mut keys: Vec<_> = key.recipient.into_iter().chain([(actor.account_id, key.id)]).collect();
    keys.sort();
    for (account, key) in keys {
        api_keys::lock(conn, account, key)?;
    }
    Ok(())
}
