//! Which users to list: the query parameters of the users page.

use kernel::RoleId;
use permissions::Permission;
use serde::{Deserialize, Serialize};
use service::{PasswordState, TwoFactorState, UserCursor, UserQuery, UserSort};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    extract::{Cursor, Limit},
    problem::{Problem, Result},
};

/// Maximum number of characters of a search.
const MAX_SEARCH: usize = 100;

/// A password expires soon if it does so within this many days: the first reminder is sent then, and the user's own
/// `password` says `expiring` from then on.
pub const SOON: u16 = 14;

/// The highest number of days that can count as soon.
const MAX_SOON: u16 = 366;

/// Which users, in which order, and which page of them. A user must match all given filters.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListUsers {
    /// Maximum number of items per page.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the previous page, with the same filters and sort order. Omit it to get the first page.
    #[param(value_type = String, required = false, nullable = false)]
    cursor: Option<Cursor>,
    /// Part of the username, display name or email address, case-insensitive. One or two characters match the beginning
    /// of words; three or more match anywhere.
    #[param(required = false, nullable = false, max_length = 100, example = "ann")]
    q: Option<String>,
    /// Whether the user may sign in.
    #[param(inline, required = false, nullable = false)]
    status: Option<StatusFilter>,
    /// Second-factor state: `not_asked` (not required, no device), `not_enrolled` (required, no device), `enrolled`
    /// (required, with a device) or `asleep` (not required, with a device).
    #[param(inline, required = false, nullable = false)]
    two_factor: Option<TwoFactorFilter>,
    /// Password state.
    #[param(inline, required = false, nullable = false)]
    password: Option<PasswordFilter>,
    /// A password counts as expiring if it expires within this number of days. For `password=expiring` and
    /// `password=valid`. If absent, 14.
    // No `default` in the document: generated clients would send it where it does not belong.
    #[param(required = false, nullable = false, minimum = 1, maximum = 366)]
    expiring_within_days: Option<u16>,
    /// Whether the user is locked right now (after too many wrong passwords or codes).
    #[param(required = false, nullable = false)]
    locked: Option<bool>,
    /// Users who hold this permission, directly or through a role.
    #[param(required = false, nullable = false, example = "account_settings")]
    permission: Option<String>,
    /// Users who have the role with this id.
    #[param(required = false, nullable = false)]
    role: Option<Uuid>,
    /// Sort order: by creation time (the default) or by username. A leading `-` reverses the order.
    #[param(inline, required = false, nullable = false)]
    sort: Option<Sort>,
}

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusFilter {
    /// The user may sign in.
    Active,
    /// The user may not sign in.
    Disabled,
}

/// Second-factor state of a user.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TwoFactorFilter {
    /// Not required, and no device.
    NotAsked,
    /// Required, but no device.
    NotEnrolled,
    /// Required, with a device.
    Enrolled,
    /// Not required, with a device.
    Asleep,
}

/// Password state of a user.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasswordFilter {
    /// It can be used, and does not expire soon.
    Valid,
    /// It can be used, and expires soon.
    Expiring,
    /// It has expired.
    Expired,
    /// It must be changed at the next sign-in, because an administrator requires it.
    ChangeRequired,
    /// There is none yet.
    NotSet,
}

/// Sort order.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// By creation time, oldest first.
    #[default]
    CreatedAt,
    /// By creation time, newest first.
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    /// By username.
    Username,
    /// By username, in reverse.
    #[serde(rename = "-username")]
    UsernameDescending,
}

/// What to search for; otherwise what a search accepts.
pub fn search(text: Option<&str>) -> std::result::Result<Option<String>, &'static str> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().nth(MAX_SEARCH).is_some() || text.chars().any(char::is_control)) {
        return Err("have at most 100 characters and no control characters");
    }
    Ok(text.map(str::to_owned))
}

/// Which permission to look for; otherwise what is accepted.
pub fn permission(name: Option<&str>) -> std::result::Result<Option<Permission>, &'static str> {
    name.map(str::parse::<Permission>).transpose().map_err(|_| "be the name of a permission")
}

/// The days that count as soon for these passwords; otherwise what is accepted.
pub fn soon(password: Option<PasswordFilter>, days: Option<u16>) -> std::result::Result<u16, &'static str> {
    let Some(days) = days else { return Ok(SOON) };
    let depends = matches!(password, Some(PasswordFilter::Valid | PasswordFilter::Expiring));
    if depends && (1..=MAX_SOON).contains(&days) {
        Ok(days)
    } else {
        Err("be a number from 1 to 366, combined with `expiring` or `valid` passwords")
    }
}

impl ListUsers {
    /// Maximum number of items per page.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }

    /// The query without the position in the list.
    pub fn query(&self) -> Result<UserQuery> {
        let refuse =
            |name: &str, expected: &str| Problem::malformed(format!("The query parameter `{name}` must {expected}."));
        let search = search(self.q.as_deref()).map_err(|expected| refuse("q", expected))?;
        let permission = permission(self.permission.as_deref()).map_err(|expected| refuse("permission", expected))?;
        Ok(UserQuery {
            search,
            active: self.status.map(|status| status == StatusFilter::Active),
            two_factor: self.two_factor.map(Into::into),
            password: self.password.map(Into::into),
            expiring_within_days: soon(self.password, self.expiring_within_days)
                .map_err(|expected| refuse("expiring_within_days", expected))?,
            locked: self.locked,
            permission,
            role: self.role.map(RoleId::from_uuid),
            sort: self.sort.unwrap_or_default().into(),
        })
    }

    /// The position in the list.
    pub fn after(&self, account: kernel::AccountId, query: &UserQuery) -> Result<Option<UserCursor>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let after = cursor.key::<String>().and_then(|key| UserCursor::parse(&key));
        let after = after.filter(|after| after.is_of(account, query)).ok_or_else(|| {
            Problem::malformed(
                "The query parameter `cursor` must be the `next_cursor` of the previous page, with the same filters \
                 and the same order.",
            )
        })?;
        Ok(Some(after))
    }
}

impl From<TwoFactorFilter> for TwoFactorState {
    fn from(filter: TwoFactorFilter) -> Self {
        match filter {
            TwoFactorFilter::NotAsked => Self::NotAsked,
            TwoFactorFilter::NotEnrolled => Self::NotEnrolled,
            TwoFactorFilter::Enrolled => Self::Enrolled,
            TwoFactorFilter::Asleep => Self::Asleep,
        }
    }
}

impl From<TwoFactorState> for TwoFactorFilter {
    fn from(state: TwoFactorState) -> Self {
        match state {
            TwoFactorState::NotAsked => Self::NotAsked,
            TwoFactorState::NotEnrolled => Self::NotEnrolled,
            TwoFactorState::Enrolled => Self::Enrolled,
            TwoFactorState::Asleep => Self::Asleep,
        }
    }
}

impl From<PasswordFilter> for PasswordState {
    fn from(filter: PasswordFilter) -> Self {
        match filter {
            PasswordFilter::Valid => Self::Valid,
            PasswordFilter::Expiring => Self::Expiring,
            PasswordFilter::Expired => Self::Expired,
            PasswordFilter::ChangeRequired => Self::ChangeRequired,
            PasswordFilter::NotSet => Self::NotSet,
        }
    }
}

impl From<PasswordState> for PasswordFilter {
    fn from(state: PasswordState) -> Self {
        match state {
            PasswordState::Valid => Self::Valid,
            PasswordState::Expiring => Self::Expiring,
            PasswordState::Expired => Self::Expired,
            PasswordState::ChangeRequired => Self::ChangeRequired,
            PasswordState::NotSet => Self::NotSet,
        }
    }
}

impl From<Sort> for UserSort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::CreatedAt => Self::CreatedAt,
            Sort::CreatedAtDescending => Self::CreatedAtDescending,
            Sort::Username => Self::Username,
            Sort::UsernameDescending => Self::UsernameDescending,
        }
    }
}
