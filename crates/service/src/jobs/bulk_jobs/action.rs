//! The actions of bulk jobs.

use kernel::RoleId;
use serde::{Deserialize, Serialize};

/// What to do to each user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum BulkAction {
    /// Deletes device and recovery codes; sessions end.
    ResetTwoFactor,
    /// Requires a new password at the next sign-in.
    RequirePasswordChange,
    /// Makes a new activation code, which the creator of the job takes.
    SendActivation {
        /// Whether it is sent to the user by mail, too.
        #[serde(default)]
        send_mail: bool,
    },
    /// Resets the counters of wrong passwords and codes.
    Unlock,
    /// The user can no longer sign in.
    Disable,
    /// The user can sign in again.
    Enable,
    /// All sessions and logins end.
    RevokeSessions,
    /// The user is deleted.
    Delete,
    /// The user gets these roles in addition.
    AssignRoles {
        /// The roles.
        role_ids: Vec<RoleId>,
    },
    /// The user loses these roles.
    RemoveRoles {
        /// The roles.
        role_ids: Vec<RoleId>,
    },
    /// The user is granted these permissions in addition.
    GrantPermissions {
        /// The permissions, by name.
        permissions: Vec<String>,
    },
    /// Direct grants of these permissions are revoked; what a role carries stays.
    RevokePermissions {
        /// The permissions, by name.
        permissions: Vec<String>,
    },
}

impl BulkAction {
    /// The name in the API and in the database.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::ResetTwoFactor => "reset_two_factor",
            Self::RequirePasswordChange => "require_password_change",
            Self::SendActivation { .. } => "send_activation",
            Self::Unlock => "unlock",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::RevokeSessions => "revoke_sessions",
            Self::Delete => "delete",
            Self::AssignRoles { .. } => "assign_roles",
            Self::RemoveRoles { .. } => "remove_roles",
            Self::GrantPermissions { .. } => "grant_permissions",
            Self::RevokePermissions { .. } => "revoke_permissions",
        }
    }

    /// Whether it sends mails.
    pub const fn sends_mail(&self) -> bool {
        matches!(self, Self::SendActivation { send_mail: true })
    }

    /// The roles that it assigns or removes.
    pub fn role_ids(&self) -> &[RoleId] {
        match self {
            Self::AssignRoles { role_ids } | Self::RemoveRoles { role_ids } => role_ids,
            Self::ResetTwoFactor
            | Self::RequirePasswordChange
            | Self::SendActivation { .. }
            | Self::Unlock
            | Self::Disable
            | Self::Enable
            | Self::RevokeSessions
            | Self::Delete
            | Self::GrantPermissions { .. }
            | Self::RevokePermissions { .. } => &[],
        }
    }

    /// The permissions that it grants or revokes, by name.
    pub fn permissions(&self) -> &[String] {
        match self {
            Self::GrantPermissions { permissions } | Self::RevokePermissions { permissions } => permissions,
            Self::ResetTwoFactor
            | Self::RequirePasswordChange
            | Self::SendActivation { .. }
            | Self::Unlock
            | Self::Disable
            | Self::Enable
            | Self::RevokeSessions
            | Self::Delete
            | Self::AssignRoles { .. }
            | Self::RemoveRoles { .. } => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_kept_under_its_name_and_reads_back() {
        let role_ids = vec!["01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()];
        let permissions = vec!["account_settings".to_owned()];
        for action in [
            BulkAction::ResetTwoFactor,
            BulkAction::RequirePasswordChange,
            BulkAction::SendActivation { send_mail: false },
            BulkAction::SendActivation { send_mail: true },
            BulkAction::Unlock,
            BulkAction::Disable,
            BulkAction::Enable,
            BulkAction::RevokeSessions,
            BulkAction::Delete,
            BulkAction::AssignRoles { role_ids: role_ids.clone() },
            BulkAction::RemoveRoles { role_ids },
            BulkAction::GrantPermissions { permissions: permissions.clone() },
            BulkAction::RevokePermissions { permissions },
        ] {
            let kept = serde_json::to_value(&action).unwrap();
            assert_eq!(kept["action"], action.as_str());
            assert_eq!(serde_json::from_value::<BulkAction>(kept).unwrap(), action);
        }
        // As earlier versions stored it.
        let earlier = serde_json::json!({ "action": "send_activation" });
        assert_eq!(
            serde_json::from_value::<BulkAction>(earlier).unwrap(),
            BulkAction::SendActivation { send_mail: false }
        );
    }
}
