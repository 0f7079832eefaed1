//! Identifies the caller.

use auth::session;
use chrono::TimeDelta;
use kernel::{AccountId, ApiKeyId, SessionId, Time, TokenDigest, UserId};
use permissions::{Decision, Permission, PermissionSet, decide};
use store::tables::Author;

use super::Source;
use crate::base::error::{Error, Result};

/// A caller, as the database knew them when the request came.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account that the caller belongs to.
    pub account_id: AccountId,
    /// How the caller is identified.
    pub credential: Credential,
    /// The name that people know the caller by: the user name, or the name of the API key.
    pub name: String,
    /// What the caller holds now.
    pub permissions: PermissionSet,
    /// Where the request comes from.
    pub source: Source,
}

/// How a caller is identified.
#[derive(Clone, Debug)]
pub enum Credential {
    /// An access token: a person who is signed in.
    Session(SignedIn),
    /// An API key: a program.
    ApiKey(PresentedKey),
}

/// A person who is signed in.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn {
    /// The user.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// When the user last signed in or confirmed their identity.
    pub auth_time: Time,
}

/// An API key of the caller's account.
#[derive(Clone, Copy, Debug)]
pub struct PresentedKey {
    /// The key.
    pub id: ApiKeyId,
    /// Which of the key's secrets was sent.
    pub secret: TokenDigest,
    /// The user who is responsible for the secret, of the same account or of the platform's. The key holds nothing that
    /// this user does not hold.
    pub answerable: (AccountId, UserId),
    /// The key of the program that the secret was shown to, without which the secret is not valid; `None`: it was shown
    /// to that user.
    pub recipient: Option<(AccountId, ApiKeyId)>,
}

impl Actor {
    /// Whether this caller may do to `account` what `needed` guards. Another account is reported as not found.
    pub fn allow(&self, account: AccountId, needed: Permission) -> Result<()> {
        match decide(&self.permissions, self.account_id, account, needed) {
            Decision::Allowed => Ok(()),
            Decision::Missing(permission) => Err(Error::PermissionRequired(permission)),
            Decision::Hidden => Err(Error::NotFound),
        }
    }

    /// Whether this caller may do to `account` what either of two permissions allows.
    pub fn allow_either(&self, account: AccountId, one: Permission, other: Permission) -> Result<()> {
        match self.allow(account, one) {
            Err(Error::PermissionRequired(one)) => match self.allow(account, other) {
                Err(Error::PermissionRequired(other)) => Err(Error::EitherPermissionRequired(one, other)),
                decided => decided,
            },
            decided => decided,
        }
    }

    /// Whether this caller holds platform administration.
    pub fn allow_platform(&self) -> Result<()> {
        if self.permissions.covers(&Permission::PlatformAdministration) {
            Ok(())
        } else {
            Err(Error::PermissionRequired(Permission::PlatformAdministration))
        }
    }

    /// The signed-in person, for what people do for themselves.
    ///
    /// # Errors
    /// [`Error::SessionRequired`] when the caller is a program.
    pub const fn session(&self) -> Result<&SignedIn> {
        match &self.credential {
            Credential::Session(session) => Ok(session),
            Credential::ApiKey(_) => Err(Error::SessionRequired),
        }
    }

    /// Whether the last sign-in is recent enough for a sensitive operation. A program cannot sign in again: its key can
    /// be limited to networks and to a time instead.
    ///
    /// # Errors
    /// [`Error::ReauthenticationRequired`].
    pub fn recently_signed_in(&self, max_age: TimeDelta, now: Time) -> Result<()> {
        match &self.credential {
            Credential::ApiKey(_) => Ok(()),
            Credential::Session(session) if session::is_recent(session.auth_time, max_age, now) => Ok(()),
            Credential::Session(_) => {
                let max_age_seconds = u32::try_from(max_age.num_seconds()).unwrap_or(0);
                Err(Error::ReauthenticationRequired { max_age_seconds })
            }
        }
    }

    /// The user who is responsible for what the caller does: the caller, or who is responsible for the key. Locked
    /// before the caller acts.
    pub const fn answerable(&self) -> (AccountId, UserId) {
        match &self.credential {
            Credential::Session(session) => (self.account_id, session.user_id),
            Credential::ApiKey(key) => key.answerable,
        }
    }

    /// The API key, where the caller is a program.
    pub const fn api_key(&self) -> Option<&PresentedKey> {
        match &self.credential {
            Credential::Session(_) => None,
            Credential::ApiKey(key) => Some(key),
        }
    }

    /// Whether the caller is this person, signed in. A program is nobody, whoever is responsible for it.
    pub(crate) fn is_user(&self, account: AccountId, user: UserId) -> bool {
        matches!(&self.credential, Credential::Session(own) if (self.account_id, own.user_id) == (account, user))
    }

    /// Whether the caller is the program with this key.
    pub(crate) fn is_key(&self, account: AccountId, key: ApiKeyId) -> bool {
        self.api_key().is_some_and(|own| (self.account_id, own.id) == (account, key))
    }

    /// The author of what the caller does, for what is checked again later.
    pub(crate) fn author(&self) -> Author {
        Author { user: self.answerable(), api_key: self.api_key().map(|key| (self.account_id, key.id)) }
    }

    /// What identifies a caller, whatever the session or secret: the id of the user or of the key.
    pub(crate) const fn caller(&self) -> &[u8; 16] {
        match &self.credential {
            Credential::Session(session) => session.user_id.as_bytes(),
            Credential::ApiKey(key) => key.id.as_bytes(),
        }
    }
}
