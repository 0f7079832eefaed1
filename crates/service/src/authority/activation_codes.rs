//! Whether a code opens anything at this moment.

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
    authority::acting::{held_if_allowed, look_at_authors},
    base::error::{Error, Result},
};

/// What every code that opens nothing gets, whatever the reason.
pub(crate) const WRONG: Error = Error::InvalidCode { attempts_left: None };

/// What a code is worth.
pub(crate) enum Code {
    /// It sets a password.
    Works(Activation),
    /// It is known and has time left, but somebody whom it is not to be trusted to may have it. `why`: for the audit.
    Void {
        /// The code.
        activation: Activation,
        /// Through whom: `issuer` or `address`.
        why: &'static str,
    },
    /// It is unknown, used or expired.
    Unknown,
}

impl Code {
    /// Looks. Its issuer may know it and become the user, and so may whoever set the address that it was mailed to. So both must
    /// be able, at this moment, to grant what the user holds: a code that was taken before the user was promoted, or before
    /// its issuer was disabled or demoted, opens nothing.
    pub(crate) fn look(conn: &mut Conn, code: TokenDigest, now: Time) -> Result<Self> {
        let Some(activation) = activations::by_digest(conn, code)?.filter(|found| now < found.expires_at) else {
            return Ok(Self::Unknown);
        };
        let user = (activation.account_id, activation.user_id);
        let by_address = activation.mailed_to.and_then(author_of);
        let authors: Vec<_> = activation.issuer.into_iter().chain(by_address).collect();
        // Both, and what the user holds, at one moment.
        let authority = look_at_authors(conn, &authors, &[user], &[])?;
        if let Some(issuer) = activation.issuer {
            let held_by_issuer = held_if_allowed(&authority, &issuer, (user.0, Permission::UserPermissions), now);
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

/// What the user holds that whoever set the mail address could not grant at this moment: then nothing that lets somebody in
/// may be sent there. `None`: it may.
///
/// An address that a person set in a session of their own is theirs. Whoever is gone, disabled or demoted, or is not known,
/// grants nothing of ours. What applications registered does not count here: who orders the code could grant it, as could
/// whoever set the address at that time, and a help desk must not cease to serve customers when somebody leaves it.
///
/// That a mailed code was used confirms no address: the reply to whoever ordered it has the code too, and whoever set the address
/// may have set their own.
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

/// As [`beyond_address`], from a look at the author of the address and the user.
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
            held_if_allowed(authority, &author, (user.0, Permission::UserPermissions), now).unwrap_or_default()
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
