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
    operations::{
        given::given,
        users::query::{PasswordFilter, SOON, StatusFilter, TwoFactorFilter, permission, search, soon},
    },
    problem::{FieldError, Problem, Result},
};

/// The filters of the list of users. Filters that are given together have to fit together. One at least is needed: `all` for
/// every user of the account.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserFilter {
    /// `true`: every user of the account. Nothing else may stand beside it, and no other value is taken.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples(true))]
    all: Option<bool>,
    /// Part of the username, of the name for people or of the mail address, without regard to case. One or two characters
    /// are looked for at the beginning of words, three and more anywhere. A text that shows nothing is refused.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 100, examples("ann"))]
    q: Option<String>,
    /// Whether they may sign in.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = inline_status)]
    status: Option<StatusFilter>,
    /// How they stand with the second factor.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    two_factor: Option<TwoFactorFilter>,
    /// How they stand with the password.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    password: Option<PasswordFilter>,
    /// How many days are soon, with `expiring` and `valid` passwords; 14 without it.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 366)]
    expiring_within_days: Option<u16>,
    /// Whether they have to wait when the job is ordered, after wrong passwords or codes.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    locked: Option<bool>,
    /// They hold this permission, by themselves or through a role.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("account_settings"))]
    permission: Option<String>,
    /// They have the role with this id.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
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

    /// Refuses what would find everybody without saying so.
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
            (Some(true), _) if narrows => {
                refuse("/filter/all", "not_alone", "means every user of the account; nothing else may stand beside it")
            }
            (Some(false), _) => refuse("/filter/all", "invalid", "takes `true` only; leave it out to filter"),
            (None, _) if !narrows => refuse(
                "/filter",
                "blank",
                "says nothing about the users; to act upon every user of the account, send `{\"all\": true}`",
            ),
            (None, Some(text)) if names::is_blank(text) => {
                refuse("/filter/q", "blank", "has nothing to look for; leave it out, or give a part of a name")
            }
            (Some(true) | None, _) => Ok(()),
        }
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
