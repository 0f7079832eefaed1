//! Checks again, in the transaction that writes, that the caller may still act.
//!
//! Between the check of the access token and the write come the rest of the request's body, the database's queue, and
//! other transactions. A session that has ended, a user who has been disabled, or a permission that has been revoked in
//! the meantime must not write any more: the transaction checks again, under locks.

use kernel::{AccountId, Time, UserId};
use permissions::{Decision, Permission, PermissionSet, backed, decide, lacking};
use store::{
    Conn,
    tables::{
        Author,
        authority::grants::{self, Authority},
        directory::{
            api_keys,
            users::{self, Status, User},
        },
        sign_in::sessions,
    },
};

use crate::{
    authority::counting::counting,
    base::{
        error::{Error, Holder, Result},
        model::{Actor, Credential, PresentedKey},
    },
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
pub(crate) fn still_may(conn: &mut Conn, actor: &Actor, needs: Needs, now: Time) -> Result<PermissionSet> {
    let (own, answerable) = actor.answerable();
    let user = users::lock_active(conn, own, answerable)?;
    Ok(look_again(conn, actor, user, needs, None, now)?.0)
}

/// As [`still_may`], for whoever ordered work that is done later: the session may have ended since, and the secret of
/// the API key may have been replaced. `user`: who is responsible for the actor, locked.
///
/// # Errors
/// Those of [`still_may`].
pub(crate) fn still_may_later(
    conn: &mut Conn,
    actor: &Actor,
    user: Option<&User>,
    needs: Needs,
    now: Time,
) -> Result<PermissionSet> {
    user.filter(|user| user.status == Status::Active).ok_or(Error::InvalidToken)?;
    if let Credential::ApiKey(key) = &actor.credential {
        lock_keys(conn, actor, key)?;
    }
    let author = actor.author();
    let authority = look_at_authors(conn, &[author], &[], &[actor.account_id])?;
    lets_in(&authority, actor)?;
    let held = held_by(&authority, &author, now).ok_or(Error::InvalidToken)?;
    enough(held, actor, needs)
}

/// A user who is acted upon, and what both hold now. Both are locked. Every way to get one checks the actor's rank, so
/// that no operation can forget that.
pub(crate) struct ActedUpon {
    pub(crate) target: User,
    pub(crate) held_by_actor: PermissionSet,
    pub(crate) held_by_target: PermissionSet,
    /// Prevents construction elsewhere.
    _rank: (),
}

impl ActedUpon {
    /// `target` as acted upon by `actor`, who holds `held_by_actor`. Both are locked.
    ///
    /// # Errors
    /// [`Error::OutOfReach`] when the target holds what the actor could not grant, unless the target is the actor.
    pub(crate) fn new(
        actor: &Actor,
        target: User,
        held_by_actor: PermissionSet,
        held_by_target: PermissionSet,
    ) -> Result<Self> {
        if !actor.is_user(target.account_id, target.id) {
            must_reach(&held_by_actor, &held_by_target, Holder::User)?;
        }
        Ok(Self { target, held_by_actor, held_by_target, _rank: () })
    }
}

/// Locks the user who is responsible for the actor, and the target, in the order of their ids, and checks again. A
/// target who holds something that the actor could not grant cannot be acted upon: otherwise a help desk could take
/// over a higher-ranking user through their email address, second factor or sessions, or take away what only others can
/// give back.
///
/// # Errors
/// Those of the first check; [`Error::NotFound`] when there is no such user in the account; [`Error::OutOfReach`].
pub(crate) fn act_upon(
    conn: &mut Conn,
    actor: &Actor,
    needs: Permission,
    account: AccountId,
    target: UserId,
    now: Time,
) -> Result<ActedUpon> {
    let (own, answerable) = actor.answerable();
    let (user, target) = if (own, answerable) <= (account, target) {
        let user = users::lock_active(conn, own, answerable)?;
        (user, users::lock(conn, account, target)?)
    } else {
        let target = users::lock(conn, account, target)?;
        (users::lock_active(conn, own, answerable)?, target)
    };
    let upon = target.as_ref().map(|target| (account, target.id));
    let (held_by_actor, held_by_target) = look_again(conn, actor, user, Needs::In(account, needs), upon, now)?;
    ActedUpon::new(actor, target.ok_or(Error::NotFound)?, held_by_actor, held_by_target)
}

/// Rejects a change of a user or a role that holds what a caller with `held_by_actor` could not grant.
///
/// # Errors
/// [`Error::OutOfReach`].
pub(crate) fn must_reach(held_by_actor: &PermissionSet, touched: &PermissionSet, holder: Holder) -> Result<()> {
    match lacking(held_by_actor, touched) {
        None => Ok(()),
        Some(permission) => Err(Error::OutOfReach { permission: permission.clone(), holder }),
    }
}

/// Rejects a change of an API key with `platform_administration` by a caller without it.
pub(crate) fn not_from_below(held_by_actor: &PermissionSet, touched: &PermissionSet) -> Result<()> {
    let above = Permission::PlatformAdministration;
    if touched.contains(&above) && !held_by_actor.contains(&above) {
        return Err(Error::PermissionRequired(above));
    }
    Ok(())
}

/// What the actor holds, and what `upon` holds, read in one statement. `user`: who is responsible for the actor,
/// locked, if still active.
fn look_again(
    conn: &mut Conn,
    actor: &Actor,
    user: Option<User>,
    needs: Needs,
    upon: Option<(AccountId, UserId)>,
    now: Time,
) -> Result<(PermissionSet, PermissionSet)> {
    let user = user.ok_or(Error::InvalidToken)?;
    let beside: Vec<_> = upon.into_iter().collect();
    let (held, authority) = match &actor.credential {
        Credential::Session(signed_in) => {
            let session = sessions::by_id(conn, user.account_id, signed_in.session_id)?;
            session.filter(|session| session.session.is_alive(now)).ok_or(Error::InvalidToken)?;
            let own = (user.account_id, user.id);
            let users: Vec<_> = beside.iter().copied().chain([own]).collect();
            let authority = grants::look(conn, &users, &[actor.account_id], &[])?;
            (authority.held(own), authority)
        }
        Credential::ApiKey(key) => {
            lock_keys(conn, actor, key)?;
            let counting = counting(conn, key.secret, actor.source.address, &beside, now)?;
            let counting = counting.ok_or(Error::InvalidToken)?;
            (counting.permissions, counting.authority)
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

/// Reads the authors of something that is checked again later, for [`held_by`], and the other users and accounts that
/// the decision depends on, all in one statement.
pub(crate) fn look_at_authors(
    conn: &mut Conn,
    authors: &[Author],
    users: &[(AccountId, UserId)],
    accounts: &[AccountId],
) -> Result<Authority> {
    let keys: Vec<_> = authors.iter().filter_map(|author| author.api_key).collect();
    let users: Vec<_> = users.iter().copied().chain(authors.iter().map(|author| author.user)).collect();
    // An API key may belong to another account than the user who is responsible for it.
    let accounts: Vec<_> = accounts.iter().copied().chain(keys.iter().map(|(account, _)| *account)).collect();
    Ok(grants::look(conn, &users, &accounts, &keys)?)
}

/// What the author of something that is checked again later holds now. `None`: the API key that did it is gone, has
/// ended, or has no secret left because those who were shown one are gone.
pub(crate) fn held_by(authority: &Authority, author: &Author, now: Time) -> Option<PermissionSet> {
    let held = authority.held(author.user);
    let Some(key) = author.api_key else { return Some(held) };
    let mut permissions = backed(&authority.given(key, now)?, &held);
    let mut counts = false;
    // It is no longer known which of the secrets was sent: each limits what the others allow.
    for secret in authority.secrets(key).iter().filter(|secret| secret.is_current(now)) {
        let Some(shown_to) = secret.recipient else {
            counts = true;
            continue;
        };
        if let Some(given) = authority.given(shown_to, now) {
            counts = true;
            permissions = backed(&permissions, &given);
        }
    }
    counts.then_some(permissions)
}

/// What the author of something holds now, if they could do it now: they are active, may enter the account, and still
/// hold `needs` there.
pub(crate) fn held_if_allowed(
    authority: &Authority,
    author: &Author,
    (account, needs): (AccountId, Permission),
    now: Time,
) -> Option<PermissionSet> {
    let own = author.api_key.map_or(author.user.0, |(account, _)| account);
    if !authority.may_sign_in(author.user) || !authority.lets_in(own) {
        return None;
    }
    held_by(authority, author, now).filter(|held| decide(held, own, account, needs) == Decision::Allowed)
}
