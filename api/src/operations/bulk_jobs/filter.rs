//! Which users a job covers, with the filters of the users page.

use kernel::RoleId;
use serde::{Deserialize, Serialize};
use service::{PasswordState, UserQuery, UserSort};
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, Type},
};
use uuid::Uuid;

use crate::{
    operations::{
        given::given,
        users::query::{PasswordFilter, SOON, StatusFilter, TwoFactorFilter, permission, search, soon},
    },
    problem::{FieldError, Problem, Result},
};

/// The filters of the list of users. A user must match all given filters. At least one is required; use `all` to select
/// every user of the account.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserFilter {
    /// `true`: every user of the account. It cannot be combined with other filters; `false` is rejected.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(true))]
    all: Option<bool>,
    /// Part of the username, display name or email address, case-insensitive. One or two characters match the beginning
    /// of words; three or more match anywhere. A text without visible characters is rejected.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 100, examples("ann"))]
    q: Option<String>,
    /// Whether the user may sign in.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = inline_status)]
    status: Option<StatusFilter>,
    /// Second-factor state.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    two_factor: Option<TwoFactorFilter>,
    /// Password state.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    password: Option<PasswordFilter>,
    /// A password counts as expiring if it expires within this number of days. For `password: expiring` and `password:
    /// valid`. If absent, 14.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 366)]
    expiring_within_days: Option<u16>,
    /// Whether the user is locked when the job is created (after too many wrong passwords or codes).
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    locked: Option<bool>,
    /// Users who hold this permission, directly or through a role.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("account_settings"))]
    permission: Option<String>,
    /// Users who have the role with this id.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    role: Option<Uuid>,
}

/// Inline, not by name: in Go all named enums share the names of their values, and a mode of a policy is `disabled`,
/// too.
fn inline_status() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["active", "disabled"]))
        .description(Some("Whether the user may sign in."))
        .build()
}

impl UserFilter {
    /// The query.
    pub fn query(&self) -> Result<UserQuery> {
        let refuse = |name: &str, expected: &str| {
            Problem::invalid(vec![FieldError::new(format!("/filter/{name}"), "invalid", format!("must {expected}"))])
        };
        self.says_whom()?;
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

    /// Rejects a filter that would select everybody without saying so.
    fn says_whom(&self) -> Result<()> {
        let Self { all, q, status, two_factor, password, expiring_within_days, locked, permission, role } = self;
        let narrows = q.is_some()
            || status.is_some()
            || two_factor.is_some()
            || password.is_some()
            || expiring_within_days.is_some()
            || locked.is_some()
            || permission.is_some()
            || role.is_some();
        let refuse = |pointer: &'static str, code: &'static str, message: &'static str| {
            Err(Problem::invalid(vec![FieldError::new(pointer, code, message)]))
        };
        match (all, q) {
            (Some(true), _) if narrows => refuse(
                "/filter/all",
                "not_alone",
                "selects every user of the account and cannot be combined with anything else",
            ),
            (Some(false), _) => refuse("/filter/all", "invalid", "must be `true`; omit it to filter"),
            (None, _) if !narrows => refuse(
                "/filter",
                "blank",
                "must have a condition; to act on every user of the account, send `{\"all\": true}`",
            ),
            (None, Some(text)) if names::is_blank(text) => {
                refuse("/filter/q", "blank", "has nothing to search for; omit it, or give part of a name")
            }
            (Some(true) | None, _) => Ok(()),
        }
    }
}

/// The days that count as soon, where they make a difference and are not the default.
fn named_days(query: &UserQuery) -> Option<u16> {
    let depends = matches!(query.password, Some(PasswordState::Expiring | PasswordState::Valid));
    Some(query.expiring_within_days).filter(|days| depends && *days != SOON)
}

impl From<UserQuery> for UserFilter {
    fn from(query: UserQuery) -> Self {
        let days = named_days(&query);
        let narrows = query.search.is_some()
            || query.active.is_some()
            || query.two_factor.is_some()
            || query.password.is_some()
            || query.locked.is_some()
            || query.permission.is_some()
            || query.role.is_some();
        let status = |active| if active { StatusFilter::Active } else { StatusFilter::Disabled };
        Self {
            all: (!narrows).then_some(true),
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
