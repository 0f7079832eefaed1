//! Turns the fields of a record into a draft.

use kernel::Time;
use password_policy::{InvalidHash, PasswordHash};
use two_factor::{Secret, SecretRefused};
use zeroize::Zeroizing;

use crate::{Draft, Status};

/// Permissions of one record.
const MAX_PERMISSIONS: usize = 100;

/// Why a record is refused. The text is for the author of the file and repeats nothing of the record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// More than 64 KiB.
    #[error("the record is longer than 64 KiB")]
    TooLong,
    /// Not UTF-8.
    #[error("the record is not UTF-8: byte {0} is invalid")]
    NotUtf8(usize),
    /// A NUL character.
    #[error("the record has a NUL character")]
    Nul,
    /// Not a valid record of its format. The text says where it is wrong.
    #[error("{0}")]
    Malformed(String),
    /// A required field is absent.
    #[error("{0} is required")]
    Missing(&'static str),
    /// A field with an invalid value.
    #[error("{field}: {why}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The password hash is not accepted.
    #[error(transparent)]
    PasswordHash(#[from] InvalidHash),
    /// The secret of the authenticator app is not accepted.
    #[error("{field}: {why}")]
    Totp {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        why: SecretRefused,
    },
}

impl Refused {
    /// The code that programs switch on.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "line_too_long",
            Self::NotUtf8(_) => "not_utf8",
            Self::Nul | Self::Malformed(_) => "malformed",
            Self::Missing(_) => "required",
            Self::Invalid { .. } => "invalid",
            Self::PasswordHash(_) => "invalid_password_hash",
            Self::Totp { .. } => "invalid_totp",
        }
    }
}

/// The fields of a record as texts; empty ones are absent.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) username: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) permissions: Vec<String>,
    pub(crate) password_hash: Option<Zeroizing<String>>,
    pub(crate) password_changed_at: Option<String>,
    pub(crate) must_change_password: Option<bool>,
    pub(crate) totp_secret: Option<Zeroizing<String>>,
    pub(crate) totp_migration: Option<Zeroizing<String>>,
}

impl Fields {
    /// Parses fields that have a format of their own. Names, email address and permissions are validated by the
    /// service.
    pub(crate) fn into_draft(self) -> Result<Draft, Refused> {
        let username = self.username.ok_or(Refused::Missing("username"))?;
        let status = match self.status.as_deref() {
            None | Some("active") => Status::Active,
            Some("disabled") => Status::Disabled,
            Some(_) => return Err(Refused::Invalid { field: "status", why: "must be active or disabled" }),
        };
        if self.permissions.len() > MAX_PERMISSIONS {
            return Err(Refused::Invalid { field: "permissions", why: "must have at most 100 permissions" });
        }
        let password_hash = self.password_hash.map(|text| PasswordHash::parse(&text)).transpose()?;
        let password_changed_at = self.password_changed_at.as_deref().map(moment).transpose()?;
        if password_changed_at.is_some() && password_hash.is_none() {
            let why = "cannot be given without password_hash";
            return Err(Refused::Invalid { field: "password_changed_at", why });
        }
        Ok(Draft {
            username,
            display_name: self.display_name,
            email: self.email,
            status,
            permissions: self.permissions,
            password_hash,
            password_changed_at,
            must_change_password: self.must_change_password.unwrap_or(false),
            totp: totp(self.totp_secret, self.totp_migration)?,
        })
    }
}

fn moment(text: &str) -> Result<Time, Refused> {
    let wrong = |why| Refused::Invalid { field: "password_changed_at", why };
    let moment = chrono::DateTime::parse_from_rfc3339(text.trim())
        .map_err(|_| wrong("must be an RFC 3339 timestamp, such as 2025-06-30T12:00:00Z"))?
        .to_utc();
    // Whole microseconds are what both databases store.
    let moment = Time::from_timestamp_micros(moment.timestamp_micros());
    moment.filter(|moment| moment.timestamp() >= 0).ok_or_else(|| wrong("must not be before 1970"))
}

fn totp(secret: Option<Zeroizing<String>>, migration: Option<Zeroizing<String>>) -> Result<Option<Secret>, Refused> {
    match (secret, migration) {
        (None, None) => Ok(None),
        (Some(text), None) => {
            Secret::from_base32(&text).map(Some).map_err(|why| Refused::Totp { field: "totp_secret", why })
        }
        (None, Some(text)) => {
            Secret::from_uri(&text).map(Some).map_err(|why| Refused::Totp { field: "totp_migration", why })
        }
        (Some(_), Some(_)) => {
            Err(Refused::Invalid { field: "totp_migration", why: "cannot be combined with totp_secret" })
        }
    }
}
