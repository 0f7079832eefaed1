//! Whether an API key counts, and what for.

use std::net::IpAddr;

use kernel::{AccountId, Time, TokenDigest, UserId};
use permissions::{PermissionSet, backed};
use store::{
    Conn,
    tables::{
        authority::grants::{self, Authority},
        directory::{
            api_key_permissions,
            api_key_secrets::{self, ApiKeySecret, FoundSecret},
            api_keys::{self, ApiKey},
        },
    },
};

use crate::base::error::Result;

/// A key that counts at this moment.
pub(crate) struct Counting {
    pub(crate) key: ApiKey,
    pub(crate) secret: ApiKeySecret,
    /// What counts of what it was given.
    pub(crate) permissions: PermissionSet,
    /// How those stand who decide about it, and those who were to be looked at beside them.
    pub(crate) authority: Authority,
}

/// The key with this secret, if it counts for a request from there. It does not when the key or the secret has ended, when
/// it may not call from there, when an account is not active, when who answers for the secret may not sign in, or when the
/// key that the secret was shown to would not count there.
///
/// What it holds is what was given to it, as far as who answers for the secret could grant it at this moment, and as far as
/// the key that the secret was shown to could: a secret is worth nothing more in the hands of those who know it than they are.
///
/// Several statements look at keys and secrets: the caller has locked the keys, or reads one state of the database. People
/// and accounts are looked at in one; `beside`: at these users too.
pub(crate) fn counting(
    conn: &mut Conn,
    secret: TokenDigest,
    from: IpAddr,
    beside: &[(AccountId, UserId)],
    now: Time,
) -> Result<Option<Counting>> {
    let Some(FoundSecret { secret, key }) = api_key_secrets::by_digest(conn, secret)? else {
        return Ok(None);
    };
    if !secret.is_current(now) || !key.is_current(now) || !key.may_call_from(from) {
        return Ok(None);
    }
    let users: Vec<_> = beside.iter().copied().chain([secret.answerable]).collect();
    let authority = authority::look(conn, &users, &[key.account_id], &[])?;
    if !authority.may_sign_in(secret.answerable) || !authority.lets_in(key.account_id) {
        return Ok(None);
    }
    let given = api_key_permissions::of_key(conn, key.account_id, key.id)?;
    let mut permissions = backed(&given, &authority.held(secret.answerable));
    if let Some((account, recipient)) = secret.recipient {
        let Some(shown_to) = api_keys::by_id(conn, account, recipient)? else { return Ok(None) };
        if !shown_to.is_current(now) || !shown_to.may_call_from(from) {
            return Ok(None);
        }
        permissions = backed(&permissions, &api_key_permissions::of_key(conn, account, recipient)?);
    }
    Ok(Some(Counting { key, secret, permissions, authority }))
}
