//! What can be granted.

use std::{fmt, str::FromStr};

/// A right that an administrator grants to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Decides who is asked for a second factor.
    AccountSettings,
    /// Decides what passwords must look like and how long they last.
    PasswordManagement,
    /// Creates users, grants and revokes permissions, resets second factors, ends sessions.
    UserPermissions,
    /// Stands above accounts: creates them and appoints the first administrator of each.
    PlatformAdministration,
}

/// The text names no [`Permission`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a permission is one of account_settings, password_management, user_permissions, platform_administration")]
pub struct UnknownPermission;

impl Permission {
    /// All of them, in the order in which replies list them.
    pub const ALL: [Self; 4] =
        [Self::AccountSettings, Self::PasswordManagement, Self::UserPermissions, Self::PlatformAdministration];

    /// The name in the API, in tokens and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountSettings => "account_settings",
            Self::PasswordManagement => "password_management",
            Self::UserPermissions => "user_permissions",
            Self::PlatformAdministration => "platform_administration",
        }
    }

    /// Whether it can be held in the platform's own account only.
    pub const fn is_platform_only(self) -> bool {
        match self {
            Self::AccountSettings | Self::PasswordManagement | Self::UserPermissions => false,
            Self::PlatformAdministration => true,
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == text).ok_or(UnknownPermission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for permission in Permission::ALL {
            assert_eq!(permission.as_str().parse(), Ok(permission));
            assert!(UnknownPermission.to_string().contains(permission.as_str()), "{permission}");
        }
        for text in ["", "Account_Settings", "account-settings", " user_permissions", "*"] {
            assert_eq!(text.parse::<Permission>(), Err(UnknownPermission), "{text}");
        }
    }
}
