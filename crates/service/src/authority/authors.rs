//! Decides what the author of something holds later, when it is used.

use kernel::{AccountId, Time, UserId};
use permissions::{Decision, Permission, PermissionSet, backed, decide};
use store::{
    Conn,
    tables::{
        Author,
        authority::grants::{self, Authority},
    },
};

use crate::base::error::Result;

/// Reads the authors of something that is checked again later, for [`permissions_of`], and the other users and accounts
/// that the decision depends on, all in one statement.
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
pub(crate) fn permissions_of(authority: &Authority, author: &Author, now: Time) -> Option<PermissionSet> {
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
pub(crate) fn permissions_if_allowed(
    authority: &Authority,
    author: &Author,
    (account, needs): (AccountId, Permission),
    now: Time,
) -> Option<PermissionSet> {
    let own = author.api_key.map_or(author.user.0, |(account, _)| account);
    if !authority.may_sign_in(author.user) || !authority.lets_in(own) {
        return None;
    }
    permissions_of(authority, author, now).filter(|held| decide(held, own, account, needs) == Decision::Allowed)
}
