//! Whether somebody may still do what they were allowed when the request came.
//!
//! Between the look at the access token and the write lie the rest of the request's body, the queue of the database, and
//! other people's transactions. A session that was ended, a user who was disabled, a permission that was taken away in the
//! meantime must not write any more: the transaction looks again, under locks.

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

/// What the act needs.
#[derive(Clone, Debug)]
pub(crate) enum Needs {
    /// This permission in this account.
    In(AccountId, Permission),
    /// To stand above accounts.
    Platform,
}

/// Locks the user who answers for the actor and looks again. What the actor holds at this moment.
///
/// # Errors
/// Those of the first look.
pub(crate) fn still_may(conn: &mut Conn, actor: &Actor, needs: Needs, now: Time) -> Result<PermissionSet> {
    let (own, answerable) = actor.answerable();
    let user = users::lock_active(conn, own, answerable)?;
    Ok(look_again(conn, actor, user, needs, None, now)?.0)
}

/// As [`still_may`], for who ordered work that is done later: a session may be over by now, and a secret of an API key
/// replaced by another. `user`: who answers for the
/// actor, locked.
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

/// Somebody who is acted upon, and what both hold at this moment. Both are locked. There is no other way to come by one than to
/// be of sufficient rank, so that no verb can leave that out.
pub(crate) struct ActedUpon {
    pub(crate) target: User,
    pub(crate) held_by_actor: PermissionSet,
    pub(crate) held_by_target: PermissionSet,
    /// Keeps others from making one.
    _rank: (),
}

impl ActedUpon {
    /// What may be done to `target`, who is locked, on behalf of `actor`, who is locked and holds `held_by_actor`.
    ///
    /// # Errors
    /// [`Error::OutOfReach`] when the target holds what the actor could not grant. Nobody is above themselves.
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

/// Locks the user who answers for the actor and the target, in the order of their ids, and looks again. Who holds something
/// that the actor could not grant cannot be acted upon: otherwise a helper would become whoever is above the helper, by
/// way of their mail address, their second factor or their sessions, or would take away what only others can give back.
///
/// # Errors
/// Those of the first look; [`Error::NotFound`] when there is no such user in the account; [`Error::OutOfReach`].
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

/// Refuses to let somebody who holds `held_by_actor` touch a user or a role that holds what they could not grant.
///
/// # Errors
/// [`Error::OutOfReach`].
pub(crate) fn must_reach(held_by_actor: &PermissionSet, touched: &PermissionSet, holder: Holder) -> Result<()> {
    match lacking(held_by_actor, touched) {
        None => Ok(()),
        Some(permission) => Err(Error::OutOfReach { permission: permission.clone(), holder }),
    }
}

/// Refuses to let somebody who does not hold `platform_administration` touch an API key that was given it.
pub(crate) fn not_from_below(held_by_actor: &PermissionSet, touched: &PermissionSet) -> Result<()> {
    let above = Permission::PlatformAdministration;
    if touched.contains(&above) && !held_by_actor.contains(&above) {
        return Err(Error::PermissionRequired(above));
    }
    Ok(())
}

/// What the actor holds, and what `upon` does, at one and the same moment. `user`: who answers for the actor, locked, if still
/// active.
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

/// Refuses a user who may not sign in, and the key of an account that lets nobody in: somebody of the platform may answer for
/// it, whose own account does.
fn lets_in(authority: &Authority, actor: &Actor) -> Result<()> {
    if authority.may_sign_in(actor.answerable()) && authority.lets_in(actor.account_id) {
        return Ok(());
    }
    Err(Error::InvalidToken)
}

/// What the actor holds, if it is enough.
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

/// A look at the authors of something that is looked at again later, for [`held_by`], and at other users and accounts that the
/// decision is about: all of it is read at one moment.
pub(crate) fn look_at_authors(
    conn: &mut Conn,
    authors: &[Author],
    users: &[(AccountId, UserId)],
    accounts: &[AccountId],
) -> Result<Authority> {
    let keys: Vec<_> = authors.iter().filter_map(|author| author.api_key).collect();
    let users: Vec<_> = users.iter().copied().chain(authors.iter().map(|author| author.user)).collect();
    // An API key may lie in another account than who answers for it.
    let accounts: Vec<_> = accounts.iter().copied().chain(keys.iter().map(|(account, _)| *account)).collect();
    Ok(grants::look(conn, &users, &accounts, &keys)?)
}

/// What the author of something that is looked at again later holds at this moment; `None`: the API key that it was done by
/// is gone, has ended, or has no secret left because those are gone who were shown one.
pub(crate) fn held_by(authority: &Authority, author: &Author, now: Time) -> Option<PermissionSet> {
    let held = authority.held(author.user);
    let Some(key) = author.api_key else { return Some(held) };
    let mut permissions = backed(&authority.given(key, now)?, &held);
    let mut counts = false;
    // It is not known any more which of the secrets was sent: none lends what another does not have.
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

/// What the author of something holds at this moment, if they could do it now: they are active, nothing keeps them from the
/// account, and they still hold `needs` there.
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
