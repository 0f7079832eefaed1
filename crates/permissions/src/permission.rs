//! The permissions that can be granted.

use std::{fmt, str::FromStr};

use crate::ApplicationPermission;

/// A permission that an administrator grants to a user, directly or through a role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Decides of whom a second factor is required.
    AccountSettings,
    /// Decides what passwords must look like and how long they are valid.
    PasswordManagement,
    /// Creates users, grants and revokes permissions, resets second factors, ends sessions.
    UserPermissions,
    /// Manages API keys.
    ApiKeys,
    /// Reads what happened in the account: who did what to whom, and when.
    AuditRead,
    /// Is above accounts: creates them and appoints the first administrator of each.
    PlatformAdministration,
    /// Has a meaning for an application, and none for Latchkey: no operation requires it.
    Application(ApplicationPermission),
}

/// The text cannot be the name of a [`Permission`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be account_settings, password_management, user_permissions, api_keys, audit_read, platform_administration, \
     or an application's permission such as crm.invoices.approve"
)]
pub struct UnknownPermission;

impl Permission {
    /// The built-in permissions, in the order in which replies list them. Those of applications follow, by name.
    pub const OURS: [Self; 6] = [
        Self::AccountSettings,
        Self::PasswordManagement,
        Self::UserPermissions,
        Self::ApiKeys,
        Self::AuditRead,
        Self::PlatformAdministration,
    ];

    /// The name in the API, in tokens and in the database.
    pub fn as_str(&self) -> &str {
        match self {
            Self::AccountSettings => "account_settings",
            Self::PasswordManagement => "password_management",
            Self::UserPermissions => "user_permissions",
            Self::ApiKeys => "api_keys",
            Self::AuditRead => "audit_read",
            Self::PlatformAdministration => "platform_administration",
            Self::Application(permission) => permission.as_str(),
        }
    }

    /// A description of what it allows.
    pub const fn description(&self) -> Option<&'static str> {
        match self {
            Self::AccountSettings => Some("Decides who is asked for a second factor."),
            Self::PasswordManagement => Some("Decides what passwords must look like and how long they last."),
            Self::UserPermissions => Some(
                "Creates users, grants and revokes permissions, manages roles, resets second factors, ends sessions.",
            ),
            Self::ApiKeys => Some("Creates, changes, rotates and revokes the API keys that programs use."),
            Self::AuditRead => Some("Reads what happened in the account: who did what to whom, when, and from where."),
            Self::PlatformAdministration => {
                Some("Manages accounts: creates them and appoints the first administrator of each.")
            }
            Self::Application(_) => None,
        }
    }

    /// Whether it is a built-in permission.
    pub const fn is_ours(&self) -> bool {
        match self {
            Self::AccountSettings
            | Self::PasswordManagement
            | Self::UserPermissions
            | Self::ApiKeys
            | Self::AuditRead
            | Self::PlatformAdministration => true,
            Self::Application(_) => false,
        }
    }

    /// Whether it can be held in the platform's own account only.
    pub const fn is_platform_only(&self) -> bool {
        match self {
            Self::AccountSettings
            | Self::PasswordManagement
            | Self::UserPermissions
            | Self::ApiKeys
            | Self::AuditRead
            | Self::Application(_) => false,
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

    /// Whether an application has registered the name is up to the catalog.
    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        match Self::OURS.into_iter().find(|permission| permission.as_str() == text) {
            Some(ours) => Ok(ours),
            None => text.parse().map(Self::Application).map_err(|_| UnknownPermission),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for permission in Permission::OURS {
            assert_eq!(permission.as_str().parse(), Ok(permission.clone()));
            assert!(UnknownPermission.to_string().contains(permission.as_str()), "{permission}");
            assert_eq!(permission.to_string(), permission.as_str());
            assert!(permission.description().is_some_and(|sentence| sentence.ends_with('.')), "{permission}");
        }
        let application: Permission = "crm.invoices.approve".parse().unwrap();
        assert_eq!((application.as_str(), application.description()), ("crm.invoices.approve", None));
        assert!(matches!(application, Permission::Application(_)));
        for text in ["", "Account_Settings", "account-settings", " user_permissions", "*", "crm.*"] {
            assert_eq!(text.parse::<Permission>(), Err(UnknownPermission), "{text}");
        }
    }
}
