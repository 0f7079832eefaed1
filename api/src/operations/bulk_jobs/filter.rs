//! Whom a job is about, in the words of the users page.

use kernel::RoleId;
use serde::{Deserialize, Serialize};
use service::{PasswordState, UserQuery, UserSort};
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, Type},
};
use uuid::Uuid;

use crate::{
    operations::users::query::{PasswordFilter, SOON, StatusFilter, TwoFactorFilter, permission, search, soon},
    problem::{FieldError, Problem, Result},
};

/// The filters of the list of users. Filters that are given together have to fit together; without any, it is every user of
/// the account.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserFilter {
    /// Part of the username, of the name for people or of the mail address, without regard to case. One or two characters
    /// are looked for at the beginning of words, three and more anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 100, examples("ann"))]
    q: Option<String>,
    /// Whether they may sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = inline_status)]
    status: Option<StatusFilter>,
    /// How they stand with the second factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    two_factor: Option<TwoFactorFilter>,
    /// How they stand with the password.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    password: Option<PasswordFilter>,
    /// How many days are soon, with `expiring` and `valid` passwords; 14 without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 366)]
    expiring_within_days: Option<u16>,
    /// Whether they have to wait when the job is ordered, after wrong passwords or codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    locked: Option<bool>,
    /// They hold this permission, by themselves or through a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("account_settings"))]
    permission: Option<String>,
    /// They have the role with this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    role: Option<Uuid>,
}

/// Not by its name: in Go all enums with names share those of their values, and a mode of a policy is `disabled`, too.
fn inline_status() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["active", "disabled"]))
        .description(Some("Whether they may sign in."))
        .build()
}

impl UserFilter {
    /// The query.
    pub fn query(&self) -> Result<UserQuery> {
        let refuse = |name: &str, expected: &str| {
            Problem::invalid(vec![FieldError::new(format!("/filter/{name}"), "invalid", format!("takes {expected}"))])
        };
        Ok(UserQuery {
            search: search(self.q.as_deref()).map_err(|expected| refuse("q", expected))?,
            active: self.status.map(|status| status == StatusFilter::Active),
            two_factor: self.two_factor.map(Into::into),
            password: self.password.map(Into::into),
            expiring_within_days: soon(self.password, self.expiring_within_days)
                .map_err(|expected| refuse("expiring_within_days", expected))?,
            locked: self.locked,
            permission: permission(self.permission.as_deref()).map_err(|expected| refuse("permission", expected))?,
            role: self.role.map(RoleId::from_uuid),
            sort: UserSort::default(),
        })
    }
}

/// The days that are soon, where they make a difference and are not those that nobody has to name.
fn named_days(query: &UserQuery) -> Option<u16> {
    let depends = matches!(query.password, Some(PasswordState::Expiring | PasswordState::Valid));
    Some(query.expiring_within_days).filter(|days| depends && *days != SOON)
}

impl From<UserQuery> for UserFilter {
    fn from(query: UserQuery) -> Self {
        let days = named_days(&query);
        let status = |active| if active { StatusFilter::Active } else { StatusFilter::Disabled };
        Self {
            q: query.search,
            status: query.active.map(status),
            two_factor: query.two_factor.map(Into::into),
            expiring_within_days: days,
            password: query.password.map(Into::into),
            locked: query.locked,
            permission: query.permission.map(|permission| permission.as_str().to_owned()),
            role: query.role.map(RoleId::as_uuid),
        }
    }
}
