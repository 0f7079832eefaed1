//! What an API key is to be, and its validation.

use std::net::IpAddr;

use ipnet::IpNet;
use kernel::Time;
use permissions::PermissionSet;
use serde::Deserialize;
use store::StoreError;
use utoipa::ToSchema;
use validator::Validate;

use crate::base::{
    error::{Error, FieldError, Result},
    model::description,
    permission_names::parse_permissions,
};

/// Characters of a key's name.
const MAX_NAME: usize = 100;

/// Networks of one key. Each request checks all of them.
const MAX_NETWORKS: usize = 50;

/// Definition of an API key.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyDraft {
    /// Display name, unique in the account (case-insensitive).
    #[schema(min_length = 1, max_length = 100, examples("Nightly import"))]
    pub name: String,
    /// What the key is for.
    #[schema(min_length = 1, max_length = 500, examples("Runs on the HR server and imports new colleagues."))]
    pub description: Option<String>,
    /// Permissions of the key, by name (`GET /v1/permissions` lists them). You can give only permissions that you could
    /// grant to a user. Permissions of applications must be registered.
    #[schema(max_items = 200, examples(json!(["user_permissions"])))]
    #[validate(length(max = 200))]
    pub permissions: Vec<String>,
    /// Where the key may call from: networks in CIDR notation or single addresses, IPv4 or IPv6. Empty: from anywhere.
    #[serde(default)]
    #[schema(max_items = 50, examples(json!(["203.0.113.0/24", "2001:db8::7"])))]
    #[validate(length(max = 50))]
    pub networks: Vec<String>,
    /// When the key expires; null: never.
    #[schema(value_type = Option<String>, format = DateTime, examples("2026-12-31T23:00:00Z"))]
    pub expires_at: Option<Time>,
}

/// The parsed draft.
#[derive(Clone)]
pub(super) struct ParsedDraft {
    pub(super) name: String,
    pub(super) name_key: String,
    pub(super) description: Option<String>,
    pub(super) permissions: PermissionSet,
    pub(super) networks: Vec<IpNet>,
    pub(super) expires_at: Option<Time>,
}

impl ApiKeyDraft {
    /// Parses it.
    ///
    /// # Errors
    /// [`Error::Validation`] names the fields.
    pub(super) fn parse(&self) -> Result<ParsedDraft> {
        let mut errors = Vec::new();
        let invalid = |pointer: String, why: &str| FieldError { pointer, code: "invalid", message: why.to_owned() };
        let name = self.name.trim();
        let key = names::fold(name);
        let key = key.trim();
        if key.is_empty() || name.chars().nth(MAX_NAME).is_some() || names::find_hidden(name).is_some() {
            let why = "must have 1 to 100 characters and no control or invisible characters";
            errors.push(invalid("/name".to_owned(), why));
        }
        let text = self.description.as_deref().map(description).transpose();
        let text = text.map_err(|why| errors.push(invalid("/description".to_owned(), why))).ok();
        let permissions = parse_permissions(&self.permissions).map_err(|wrong| errors.extend(wrong)).ok();
        if self.networks.len() > MAX_NETWORKS {
            errors.push(invalid("/networks".to_owned(), "must have at most 50 networks"));
        }
        let mut networks = Vec::new();
        for (at, typed) in self.networks.iter().take(MAX_NETWORKS).enumerate() {
            match network(typed) {
                Ok(network) => networks.push(network),
                Err(why) => errors.push(invalid(format!("/networks/{at}"), &why)),
            }
        }
        networks.sort();
        networks.dedup();
        match (text, permissions) {
            (Some(description), Some(permissions)) if errors.is_empty() => Ok(ParsedDraft {
                name: name.to_owned(),
                name_key: key.to_owned(),
                description,
                permissions,
                networks,
                expires_at: self.expires_at,
            }),
            _ => Err(Error::Validation(errors)),
        }
    }
}

impl ParsedDraft {
    /// Refuses an expiry that has passed.
    ///
    /// # Errors
    /// [`Error::Validation`].
    pub(super) fn ends_later_than(&self, now: Time) -> Result<()> {
        match self.expires_at {
            Some(end) if end <= now => Err(Error::field("/expires_at", "invalid", "must be in the future")),
            Some(_) | None => Ok(()),
        }
    }
}

/// Parses a network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3), or one address.
fn network(typed: &str) -> std::result::Result<IpNet, String> {
    let address = |text: &str| text.parse::<IpAddr>().ok().map(IpNet::from);
    let network = typed.parse::<IpNet>().ok().or_else(|| address(typed));
    let network = network.ok_or("must be a network such as 203.0.113.0/24 or 2001:db8::/32")?;
    if network != network.trunc() {
        // The author meant either one address or the whole network; guessing could open more than was meant.
        return Err(format!("is an address in {}; write that network, or the address alone", network.trunc()));
    }
    if network.addr() != network.addr().to_canonical() {
        return Err("must be written as an IPv4 network, without ::ffff: in front".to_owned());
    }
    Ok(network)
}

/// The error for a key that cannot be written.
pub(super) fn name_taken(why: StoreError) -> Error {
    match why {
        StoreError::UniqueViolation { .. } => {
            Error::Conflict("the account already has an API key with this name".to_owned())
        }
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_as_they_are_written() {
        for (typed, expected) in [
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("203.0.113.7", "203.0.113.7/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("2001:DB8::1", "2001:db8::1/128"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(network(typed).unwrap().to_string(), expected, "{typed}");
        }
        for bad in [
            "",
            "here",
            "203.0.113.7/24",
            "203.0.113.0/33",
            "203.0.113/24",
            "203.0.113.0/24 ",
            "2001:db8::1/32",
            "::ffff:203.0.113.0/120",
            "::ffff:203.0.113.7",
        ] {
            assert!(network(bad).is_err(), "{bad}");
        }
    }
}
