//! A job as an administrator writes it.

use kernel::{RoleId, UserId};
use serde::Deserialize;
use service::{BulkAction, BulkRequest, BulkSelection};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filter::UserFilter;
use crate::{
    operations::given::{Present, given, object},
    problem::{FieldError, Problem, Result},
};

/// What is to be done, and to whom: either to `users` or to those that `filter` finds.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct StartBulkJob {
    /// What is to be done to each user.
    action: BulkActionName,
    /// These users, each once. Ids that are no users of this account are refused by name.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, nullable = false, min_items = 1, max_items = 10_000,
        examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    #[validate(length(min = 1, max = 10_000))]
    users: Option<Vec<UserId>>,
    /// The users that this finds when the job begins: who fits later is not among them.
    #[serde(default, deserialize_with = "object")]
    #[schema(nullable = false)]
    filter: Option<UserFilter>,
    /// With `assign_roles` and `remove_roles`: the roles. You can assign only roles that carry what you hold yourself.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, nullable = false, min_items = 1, max_items = 100)]
    #[validate(length(min = 1, max = 100))]
    role_ids: Option<Vec<RoleId>>,
    /// With `grant_permissions` and `revoke_permissions`: the permissions, by name. You can grant only what you hold
    /// yourself.
    #[schema(nullable = false, min_items = 1, max_items = 100, examples(json!(["account_settings"])))]
    #[validate(length(min = 1, max = 100))]
    permissions: Option<Vec<String>>,
    /// With `send_activation`: also sends each code to its user by mail. Who has no mail address fails. Without
    /// it no mail is sent.
    #[serde(default)]
    #[schema(required = false)]
    send_mail: bool,
    // What counted the users before there was an operation for it. It is not passed over, whatever its value is: who sends
    // it believes that nothing is going to be done.
    #[serde(default, deserialize_with = "given")]
    #[schema(ignore)]
    #[validate(custom(function = "is_another_operation"))]
    dry_run: Option<Present>,
}

fn is_another_operation(_: &Present) -> std::result::Result<(), ValidationError> {
    let message = "is not taken any more; to count the users, send the rest of this body to \
                   `POST /v1/accounts/{account_id}/users:bulk/preview`, which starts no job";
    Err(ValidationError::new("moved").with_message(message.into()))
}

/// What can be done to many users.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkActionName {
    /// Device and recovery codes are forgotten, sessions end.
    ResetTwoFactor,
    /// The next sign-in chooses a new password.
    RequirePasswordChange,
    /// A new activation code is made, for you to take.
    SendActivation,
    /// Counted wrong passwords and codes are forgotten.
    Unlock,
    /// They may not sign in any more.
    Disable,
    /// They may sign in again.
    Enable,
    /// All sessions and logins end.
    RevokeSessions,
    /// They are deleted.
    Delete,
    /// They get roles beside those they have.
    AssignRoles,
    /// They lose roles.
    RemoveRoles,
    /// They are granted permissions beside those they have.
    GrantPermissions,
    /// What was granted to them is taken back; what a role carries stays.
    RevokePermissions,
}

impl StartBulkJob {
    /// What is asked for.
    pub fn request(self) -> Result<BulkRequest> {
        let refuse = |pointer: &'static str, code: &'static str, message: &'static str| {
            Problem::invalid(vec![FieldError::new(pointer, code, message)])
        };
        let selection = match (self.users, &self.filter) {
            (Some(users), None) => BulkSelection::Users(users),
            (None, Some(filter)) => BulkSelection::Filter(filter.query()?),
            (Some(_), Some(_)) => return Err(refuse("/filter", "not_both", "give either `users` or `filter`")),
            (None, None) => return Err(refuse("/users", "required", "give `users`, or a `filter` that finds them")),
        };
        let roles =
            |given: Option<Vec<RoleId>>| given.ok_or_else(|| refuse("/role_ids", "required", "say which roles"));
        let permissions = |given: Option<Vec<String>>| {
            given.ok_or_else(|| refuse("/permissions", "required", "say which permissions"))
        };
        let (role_ids, names) = (self.role_ids, self.permissions);
        let takes_roles = matches!(self.action, BulkActionName::AssignRoles | BulkActionName::RemoveRoles);
        let takes_permissions =
            matches!(self.action, BulkActionName::GrantPermissions | BulkActionName::RevokePermissions);
        if role_ids.is_some() && !takes_roles {
            return Err(refuse("/role_ids", "unexpected", "this action takes no roles"));
        }
        if names.is_some() && !takes_permissions {
            return Err(refuse("/permissions", "unexpected", "this action takes no permissions"));
        }
        if self.send_mail && self.action != BulkActionName::SendActivation {
            return Err(refuse("/send_mail", "unexpected", "this action sends no mails"));
        }
        let action = match self.action {
            BulkActionName::ResetTwoFactor => BulkAction::ResetTwoFactor,
            BulkActionName::RequirePasswordChange => BulkAction::RequirePasswordChange,
            BulkActionName::SendActivation => BulkAction::SendActivation { send_mail: self.send_mail },
            BulkActionName::Unlock => BulkAction::Unlock,
            BulkActionName::Disable => BulkAction::Disable,
            BulkActionName::Enable => BulkAction::Enable,
            BulkActionName::RevokeSessions => BulkAction::RevokeSessions,
            BulkActionName::Delete => BulkAction::Delete,
            BulkActionName::AssignRoles => BulkAction::AssignRoles { role_ids: roles(role_ids)? },
            BulkActionName::RemoveRoles => BulkAction::RemoveRoles { role_ids: roles(role_ids)? },
            BulkActionName::GrantPermissions => BulkAction::GrantPermissions { permissions: permissions(names)? },
            BulkActionName::RevokePermissions => BulkAction::RevokePermissions { permissions: permissions(names)? },
        };
        Ok(BulkRequest { action, selection })
    }
}
