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

/// What to do, and to whom: either `users` or the users that `filter` selects.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct StartBulkJob {
    /// The action on each user.
    action: BulkActionName,
    /// The users; duplicates count once. If an id belongs to no user of this account, the job is rejected and the error
    /// names it.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, nullable = false, min_items = 1, max_items = 10_000,
        examples(json!(["01997f60-11d2-7a3b-8f04-6d2c9be0a7c4"])))]
    #[validate(length(min = 1, max = 10_000))]
    users: Option<Vec<UserId>>,
    /// Selects the users when the job begins. Users who match only later are not included.
    #[serde(default, deserialize_with = "object")]
    #[schema(nullable = false)]
    filter: Option<UserFilter>,
    /// Required with `assign_roles` and `remove_roles`: the ids of the roles. You can assign only roles whose
    /// permissions you could grant.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, nullable = false, min_items = 1, max_items = 100)]
    #[validate(length(min = 1, max = 100))]
    role_ids: Option<Vec<RoleId>>,
    /// Required with `grant_permissions` and `revoke_permissions`: the permissions, by name. You can grant only
    /// built-in permissions that you hold, and permissions that applications have registered.
    #[schema(nullable = false, min_items = 1, max_items = 100, examples(json!(["account_settings"])))]
    #[validate(length(min = 1, max = 100))]
    permissions: Option<Vec<String>>,
    /// With `send_activation`: also sends each code to its user by email; this fails for users without an email
    /// address. If `send_mail` is absent or false, no email is sent.
    #[serde(default)]
    #[schema(required = false)]
    send_mail: bool,
    // Counted the users before there was an operation for it. It is rejected, whatever its value: a client that sends
    // it believes that nothing will be done.
    #[serde(default, deserialize_with = "given")]
    #[schema(ignore)]
    #[validate(custom(function = "is_another_operation"))]
    dry_run: Option<Present>,
}

fn is_another_operation(_: &Present) -> std::result::Result<(), ValidationError> {
    let message = "is no longer accepted; to count the users, send the rest of this body to \
                   `POST /v1/accounts/{account_id}/users:bulk/preview`, which starts no job";
    Err(ValidationError::new("moved").with_message(message.into()))
}

/// An action on many users.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkActionName {
    /// Removes device and recovery codes, and ends sessions.
    ResetTwoFactor,
    /// The next sign-in requires a new password.
    RequirePasswordChange,
    /// Creates a new activation code, for you to take.
    SendActivation,
    /// Clears the count of wrong passwords and codes.
    Unlock,
    /// The user cannot sign in any more.
    Disable,
    /// The user can sign in again.
    Enable,
    /// Ends all sessions and logins.
    RevokeSessions,
    /// Deletes the user.
    Delete,
    /// Assigns roles in addition to those that the user has.
    AssignRoles,
    /// Removes roles.
    RemoveRoles,
    /// Grants permissions in addition to those that the user has.
    GrantPermissions,
    /// Revokes permissions that were granted directly; those of roles stay.
    RevokePermissions,
}

impl StartBulkJob {
    /// The request.
    pub fn request(self) -> Result<BulkRequest> {
        let refuse = |pointer: &'static str, code: &'static str, message: &'static str| {
            Problem::invalid(vec![FieldError::new(pointer, code, message)])
        };
        let selection = match (self.users, &self.filter) {
            (Some(users), None) => BulkSelection::Users(users),
            (None, Some(filter)) => BulkSelection::Filter(filter.query()?),
            (Some(_), Some(_)) => return Err(refuse("/filter", "not_both", "cannot be combined with `users`")),
            (None, None) => return Err(refuse("/users", "required", "either `users` or `filter` is required")),
        };
        let roles = |given: Option<Vec<RoleId>>| {
            given.ok_or_else(|| refuse("/role_ids", "required", "`role_ids` is required for this action"))
        };
        let permissions = |given: Option<Vec<String>>| {
            given.ok_or_else(|| refuse("/permissions", "required", "`permissions` is required for this action"))
        };
        let (role_ids, names) = (self.role_ids, self.permissions);
        let takes_roles = matches!(self.action, BulkActionName::AssignRoles | BulkActionName::RemoveRoles);
        let takes_permissions =
            matches!(self.action, BulkActionName::GrantPermissions | BulkActionName::RevokePermissions);
        if role_ids.is_some() && !takes_roles {
            return Err(refuse("/role_ids", "unexpected", "is not allowed for this action"));
        }
        if names.is_some() && !takes_permissions {
            return Err(refuse("/permissions", "unexpected", "is not allowed for this action"));
        }
        if self.send_mail && self.action != BulkActionName::SendActivation {
            return Err(refuse("/send_mail", "unexpected", "is not allowed for this action, which sends no mails"));
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
