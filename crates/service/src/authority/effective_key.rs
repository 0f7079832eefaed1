//! Decides whether an API key is valid, and which permissions it has.

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

/// A key that is valid now.
pub(crate) struct EffectiveKey {
    pub(crate) key: ApiKey,
    pub(crate) secret: ApiKeySecret,
    /// Those of its granted permissions that it has now.
    pub(crate) permissions: PermissionSet,
    /// The state of the responsible user, of the account, and of the users that were asked for beside them.
    pub(crate) authority: Authority,
}

/// The key with this secret, if it is valid for a request from this address. It is not when the key or the secret has
/// ended, when it may not call from there, when an account is not active, when the user who is responsible for the
/// secret may not sign in, or when the key that the secret was shown to would not be valid there.
///
/// It has what was granted to it, as far as the user who is responsible for the secret could grant that right now, and
/// as far as the key that the secret was shown to has it: a secret allows no more than those who know it may do
/// themselves.
///
/// Keys and secrets are read in several statements: the caller has locked the keys, or reads from one snapshot. Users
/// and accounts are read in one statement; `beside`: these users too.
pub(crate) fn effective_key(
    conn: &mut Conn,
    secret: TokenDigest,
    from: IpAddr,
    beside: &[(AccountId, UserId)],
    now: Time,
) -> Result<Option<EffectiveKey>> {
    let Some(FoundSecret { secret, key }) = api_key_secrets::by_digest(conn, secret)? else {
        return Ok(None);
    };
    if !secret.is_current(now) || !key.is_current(now) || !key.may_call_from(from) {
        return Ok(None);
    }
    let users: Vec<_> = beside.iter().copied().chain([secret.answerable]).collect();
    let authority = grants::look(conn, &users, &[key.account_id], &[])?;
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
    Ok(Some(EffectiveKey { key, secret, permissions, authority }))
}
