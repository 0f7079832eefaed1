//! Whether somebody may still do what they were allowed when the request came.
//!
//! Between the look at the access token and the write lie the rest of the request's body, the queue of the database, and
//! other people's transactions. A session that was ended, a user who was disabled, a permission that was taken away in the
//! meantime must not write any more: the transaction looks again, under locks.

use kernel::{AccountId, SessionId, Time, UserId};
use permissions::{Decision, Permission, PermissionSet, backed, decide, lacking};
use store::{
    Conn,
    tables::{
        Author, accounts, api_key_permissions, api_key_secrets, api_keys, sessions, user_permissions,
        users::{self, Status, User},
    },
};

use crate::{Actor, Credential, Error, Holder, PresentedKey, Result, api_keys::counting};

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
    look_again(conn, actor, user, needs, now)
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
    let user = user.filter(|user| user.status == Status::Active).ok_or(Error::InvalidToken)?;
    account_lets_in(conn, actor, user)?;
    if let Credential::ApiKey(key) = &actor.credential {
        lock_keys(conn, actor, key)?;
    }
    let held = held_by(conn, &actor.author(), now)?.ok_or(Error::InvalidToken)?;
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
    let held_by_actor = look_again(conn, actor, user, Needs::In(account, needs), now)?;
    let target = target.ok_or(Error::NotFound)?;
    let held_by_target = user_permissions::of_user(conn, account, target.id)?;
    ActedUpon::new(actor, target, held_by_actor, held_by_target)
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

/// `user`: who answers for the actor, locked, if still active.
fn look_again(conn: &mut Conn, actor: &Actor, user: Option<User>, needs: Needs, now: Time) -> Result<PermissionSet> {
    let user = user.ok_or(Error::InvalidToken)?;
    account_lets_in(conn, actor, &user)?;
    let held = match &actor.credential {
        Credential::Session(signed_in) => held_in_session(conn, &user, signed_in.session_id, now)?,
        Credential::ApiKey(key) => {
            lock_keys(conn, actor, key)?;
            counting(conn, key.secret, actor.source.address, now)?.ok_or(Error::InvalidToken)?.permissions
        }
    };
    enough(held, actor, needs)
}

/// Refuses the key of an account that lets nobody in: somebody of the platform may answer for it, whose own account does.
/// `user`: who answers for the actor.
fn account_lets_in(conn: &mut Conn, actor: &Actor, user: &User) -> Result<()> {
    if actor.account_id != user.account_id && accounts::active(conn, actor.account_id)?.is_none() {
        return Err(Error::InvalidToken);
    }
    Ok(())
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

/// What the author of something that is looked at again later holds at this moment; `None`: the API key that it was done by
/// is gone, has ended, or has no secret left because those are gone who were shown one.
pub(crate) fn held_by(conn: &mut Conn, author: &Author, now: Time) -> Result<Option<PermissionSet>> {
    let held = user_permissions::of_user(conn, author.user.0, author.user.1)?;
    let Some((account, key)) = author.api_key else { return Ok(Some(held)) };
    if !api_keys::by_id(conn, account, key)?.is_some_and(|key| key.is_current(now)) {
        return Ok(None);
    }
    let mut secrets = api_key_secrets::of_keys(conn, account, &[key])?;
    secrets.retain(|secret| secret.is_current(now));
    let mut permissions = backed(&api_key_permissions::of_key(conn, account, key)?, &held);
    let mut counts = false;
    // It is not known any more which of the secrets was sent: none lends what another does not have.
    for secret in secrets {
        let Some((account, shown_to)) = secret.recipient else {
            counts = true;
            continue;
        };
        if api_keys::by_id(conn, account, shown_to)?.is_some_and(|key| key.is_current(now)) {
            counts = true;
            permissions = backed(&permissions, &api_key_permissions::of_key(conn, account, shown_to)?);
        }
    }
    Ok(counts.then_some(permissions))
}

/// What the author of something holds at this moment, if they could do it now: they are active, nothing keeps them from the
/// account, and they still hold `needs` there.
pub(crate) fn held_if_allowed(
    conn: &mut Conn,
    author: &Author,
    (account, needs): (AccountId, Permission),
    now: Time,
) -> Result<Option<PermissionSet>> {
    let (home, user) = author.user;
    if users::by_id(conn, home, user)?.is_none_or(|user| user.status != Status::Active) {
        return Ok(None);
    }
    // An API key may lie in another account than who answers for it.
    let own = author.api_key.map_or(home, |(account, _)| account);
    for account in [home, own] {
        if accounts::active(conn, account)?.is_none() {
            return Ok(None);
        }
    }
    let held = held_by(conn, author, now)?;
    Ok(held.filter(|held| decide(held, own, account, needs) == Decision::Allowed))
}

/// What the user holds, if the session is alive.
fn held_in_session(conn: &mut Conn, user: &User, session: SessionId, now: Time) -> Result<PermissionSet> {
    let session = sessions::by_id(conn, user.account_id, session)?;
    session.filter(|session| session.session.is_alive(now)).ok_or(Error::InvalidToken)?;
    Ok(user_permissions::of_user(conn, user.account_id, user.id)?)
}
