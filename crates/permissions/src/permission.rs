//! What can be granted.

use std::{fmt, str::FromStr};

use crate::ApplicationPermission;

/// A right that an administrator grants to a user, by itself or through a role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Decides who is asked for a second factor.
    AccountSettings,
    /// Decides what passwords must look like and how long they last.
    PasswordManagement,
    /// Creates users, grants and revokes permissions, resets second factors, ends sessions.
    UserPermissions,
    /// Manages the keys with which programs call.
    ApiKeys,
    /// Reads what happened in the account: who did what to whom, and when.
    AuditRead,
    /// Stands above accounts: creates them and appoints the first administrator of each.
    PlatformAdministration,
    /// Means something to an application, and nothing to us: it guards none of our operations.
    Application(ApplicationPermission),
}

/// The text can name no [`Permission`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a permission is one of account_settings, password_management, user_permissions, api_keys, audit_read, \
     platform_administration, or an \
     application's, such as crm.invoices.approve"
)]
pub struct UnknownPermission;

impl Permission {
    /// Ours, in the order in which replies list them. Those of applications follow, by name.
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

    /// What it allows, in words.
    pub const fn description(&self) -> Option<&'static str> {
        match self {
            Self::AccountSettings => Some("Decides who is asked for a second factor."),
            Self::PasswordManagement => Some("Decides what passwords must look like and how long they last."),
            Self::UserPermissions => Some(
                "Creates users, grants and revokes permissions, manages roles, resets second factors, ends sessions.",
            ),
            Self::ApiKeys => Some("Creates, changes, rotates and revokes the keys with which programs call."),
            Self::AuditRead => Some("Reads what happened in the account: who did what to whom, when, and from where."),
            Self::PlatformAdministration => {
                Some("Stands above accounts: creates them and appoints the first administrator of each.")
            }
            Self::Application(_) => None,
        }
    }

    /// Whether it guards operations of ours.
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

    /// Whether an application has registered the name is for the catalogue to say.
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
            assert!(permission.description().is_some());
        }
        let application: Permission = "crm.invoices.approve".parse().unwrap();
        assert_eq!(application.as_str(), "crm.invoices.approve");
        assert!(matches!(application, Permission::Application(_)));
        for text in ["", "Account_Settings", "account-settings", " user_permissions", "*", "crm.*"] {
            assert_eq!(text.parse::<Permission>(), Err(UnknownPermission), "{text}");
        }
    }
}
