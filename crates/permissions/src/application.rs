//! Permissions that applications register.

use std::{fmt, str::FromStr, sync::Arc};

/// Characters of a name. Names are part of every access token, so they are short.
const MAX_LENGTH: usize = 64;

/// The name of an application's permission: `prefix.resource.action`, each part of lowercase letters, digits, `_` and
/// `-`, beginning with a letter. The prefix is the application's. Names of built-in permissions contain no dot, so none
/// is mistaken for one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApplicationPermission(Arc<str>);

/// The text is not the name of an application's permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an application's permission must be `prefix.resource.action` with at most 64 characters: lowercase letters, \
     digits, `_` and `-`; each part begins with a letter, and the prefix `latchkey` is reserved"
)]
pub struct InvalidName;

impl ApplicationPermission {
    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ApplicationPermission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ApplicationPermission {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let is_part = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_lowercase())
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
        };
        let fits = text.len() <= MAX_LENGTH
            && text.split('.').count() == 3
            && text.split('.').all(is_part)
            && !text.starts_with("latchkey.");
        if fits { Ok(Self(text.into())) } else { Err(InvalidName) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_three_parts() {
        for good in ["crm.invoices.approve", "a.b.c", "crm-2.line_items.read-all", &format!("a.b.{}", "c".repeat(60))] {
            let permission: ApplicationPermission = good.parse().unwrap();
            assert_eq!((permission.as_str(), permission.to_string().as_str()), (good, good));
        }
        let long = format!("a.b.{}", "c".repeat(61));
        let bad =
            ["", "crm", "crm.read", "a.b.c.d", "A.b.c", "a..c", ".b.c", "a.b.", "1.b.c", "a.b.c ", "a.b.*", "ä.b.c"];
        for bad in bad.into_iter().chain(["latchkey.users.read", long.as_str()]) {
            assert_eq!(bad.parse::<ApplicationPermission>(), Err(InvalidName), "{bad}");
        }
    }
}
