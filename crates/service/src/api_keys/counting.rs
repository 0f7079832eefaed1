//! Whether an API key counts, and what for.

use std::net::IpAddr;

use kernel::{Time, TokenDigest};
use permissions::{PermissionSet, backed};
use store::{
    Conn,
    tables::{
        accounts, api_key_permissions,
        api_key_secrets::{self, ApiKeySecret, FoundSecret},
        api_keys::{self, ApiKey},
        user_permissions,
    },
};

use crate::Result;

/// A key that counts at this moment.
pub(crate) struct Counting {
    pub(crate) key: ApiKey,
    pub(crate) secret: ApiKeySecret,
    /// What counts of what it was given.
    pub(crate) permissions: PermissionSet,
}

/// The key with this secret, if it counts for a request from there. It does not when the key or the secret has ended, when
/// it may not call from there, when an account is not active, when who answers for the secret may not sign in, or when the
/// key that the secret was shown to would not count there.
///
/// What it holds is what was given to it, as far as who answers for the secret could grant it at this moment, and as far as
/// the key that the secret was shown to could: a secret is worth nothing more in the hands of those who know it than they are.
pub(crate) fn counting(conn: &mut Conn, secret: TokenDigest, from: IpAddr, now: Time) -> Result<Option<Counting>> {
    let Some(FoundSecret { secret, key, is_answered_for }) = api_key_secrets::by_digest(conn, secret)? else {
        return Ok(None);
    };
    let (answering_account, user) = secret.answerable;
    if !is_answered_for
        || !secret.is_current(now)
        || !key.is_current(now)
        || !key.may_call_from(from)
        || accounts::active(conn, key.account_id)?.is_none()
        || (answering_account != key.account_id && accounts::active(conn, answering_account)?.is_none())
    {
        return Ok(None);
    }
    let given = api_key_permissions::of_key(conn, key.account_id, key.id)?;
    let mut permissions = backed(&given, &user_permissions::of_user(conn, answering_account, user)?);
    if let Some((account, recipient)) = secret.recipient {
        let Some(shown_to) = api_keys::by_id(conn, account, recipient)? else { return Ok(None) };
        if !shown_to.is_current(now) || !shown_to.may_call_from(from) {
            return Ok(None);
        }
        permissions = backed(&permissions, &api_key_permissions::of_key(conn, account, recipient)?);
    }
    Ok(Some(Counting { key, secret, permissions }))
}
