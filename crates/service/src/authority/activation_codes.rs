//! Decides whether an activation code still works.

use kernel::{AccountId, Time, TokenDigest, UserId};
use permissions::{Permission, PermissionSet, lacking};
use store::{
    Conn,
    tables::{
        Author,
        authority::grants::Authority,
        directory::{
            activations::{self, Activation},
            address_authors::AddressAuthor,
        },
    },
};

use crate::{
    authority::authors::{look_at_authors, permissions_if_allowed},
    base::error::{Error, Result},
};

/// The reply to every code that does not work, whatever the reason.
pub(crate) const WRONG: Error = Error::InvalidCode { attempts_left: None };

/// What an activation code allows.
pub(crate) enum Code {
    /// It sets a password.
    Works(Activation),
    /// It is known and has not expired, but somebody who must not use it may know it. `why`: for the audit trail.
    Void {
        /// The code.
        activation: Activation,
        /// Who that is: `issuer` or `address`.
        why: &'static str,
    },
    /// It is unknown, used or expired.
    Unknown,
}

impl Code {
    /// Looks a code up. Its issuer may know it and use it to become the user, and so may whoever set the email address
    /// that it was sent to. So both must be able to grant, right now, what the user holds: a code from before the user
    /// was promoted, or from before its issuer was disabled or demoted, does not work.
    pub(crate) fn look(conn: &mut Conn, code: TokenDigest, now: Time) -> Result<Self> {
        let Some(activation) = activations::by_digest(conn, code)?.filter(|found| now < found.expires_at) else {
            return Ok(Self::Unknown);
        };
        let user = (activation.account_id, activation.user_id);
        let by_address = activation.mailed_to.and_then(author_of);
        let authors: Vec<_> = activation.issuer.into_iter().chain(by_address).collect();
        // All of them, and what the user holds, in one statement.
        let authority = look_at_authors(conn, &authors, &[user], &[])?;
        if let Some(issuer) = activation.issuer {
            let held_by_issuer =
                permissions_if_allowed(&authority, &issuer, (user.0, Permission::UserPermissions), now);
            if held_by_issuer.is_none_or(|by_issuer| lacking(&by_issuer, &authority.held(user)).is_some()) {
                return Ok(Self::Void { activation, why: "issuer" });
            }
        }
        if activation.mailed_to.is_some_and(|address| lacking_for(&authority, address, user, now).is_some()) {
            return Ok(Self::Void { activation, why: "address" });
        }
        Ok(Self::Works(activation))
    }
}

/// The code, if it still works.
///
/// # Errors
/// [`Error::InvalidCode`].
pub(crate) fn working(conn: &mut Conn, code: TokenDigest, now: Time) -> Result<Activation> {
    match Code::look(conn, code, now)? {
        Code::Works(activation) => Ok(activation),
        Code::Void { .. } | Code::Unknown => Err(WRONG),
    }
}

/// A permission that the user holds and that whoever set the email address could not grant right now: then nothing that
/// lets somebody sign in may be sent there. `None`: it may.
///
/// An address that a user set in their own session is theirs. An author who is gone, disabled, demoted or unknown
/// grants no built-in permission. Permissions that applications registered are not considered here: whoever orders the
/// code could grant them, as could whoever set the address at that time, and a help desk must be able to keep serving
/// customers when one of its people leaves.
///
/// That a mailed code was used does not confirm the address: the reply to whoever ordered the code contains it too, and
/// whoever set the address may have set their own.
pub(crate) fn beyond_address(
    conn: &mut Conn,
    address: AddressAuthor,
    user: (AccountId, UserId),
    now: Time,
) -> Result<Option<Permission>> {
    let authors: Vec<_> = author_of(address).into_iter().collect();
    let authority = look_at_authors(conn, &authors, &[user], &[])?;
    Ok(lacking_for(&authority, address, user, now))
}

/// As [`beyond_address`], from what was already read about the address's author and the user.
fn lacking_for(
    authority: &Authority,
    address: AddressAuthor,
    user: (AccountId, UserId),
    now: Time,
) -> Option<Permission> {
    let held_by_author = match address {
        AddressAuthor::Operator => return None,
        AddressAuthor::Somebody(author) if author.user == user && author.api_key.is_none() => return None,
        AddressAuthor::Somebody(author) => {
            permissions_if_allowed(authority, &author, (user.0, Permission::UserPermissions), now).unwrap_or_default()
        }
        AddressAuthor::Unknown => PermissionSet::default(),
    };
    lacking(&held_by_author, &authority.held(user).ours()).cloned()
}

fn author_of(address: AddressAuthor) -> Option<Author> {
    match address {
        AddressAuthor::Somebody(author) => Some(author),
        AddressAuthor::Operator | AddressAuthor::Unknown => None,
    }
}
