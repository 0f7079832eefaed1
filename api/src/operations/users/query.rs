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

/// Characters of a search.
const MAX_SEARCH: usize = 100;

/// Days after which a password that expires is no news yet: the first reminder comes then, and the users' own `password`
/// says `expiring` from then on.
pub const SOON: u16 = 14;

/// The longest time that is soon.
const MAX_SOON: u16 = 366;

/// Which users, in which order, from where on. Filters that are given together have to fit together.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListUsers {
    /// How many items the page holds at most.
    #[param(value_type = u8, required = false, minimum = 1, maximum = 100, default = 50)]
    limit: Limit,
    /// The `next_cursor` of the page before, with the same filters and the same order; without it the first page.
    #[param(value_type = String, required = false, nullable = false)]
    cursor: Option<Cursor>,
    /// Part of the username, of the name for people or of the mail address, without regard to case. One or two characters
    /// are looked for at the beginning of words, three and more anywhere.
    #[param(required = false, nullable = false, max_length = 100, example = "ann")]
    q: Option<String>,
    /// Whether they may sign in.
    #[param(inline, required = false, nullable = false)]
    status: Option<StatusFilter>,
    /// How they stand with the second factor: not asked and without a device, asked and without a device, with a device
    /// that is asked for, or with one that is not.
    #[param(inline, required = false, nullable = false)]
    two_factor: Option<TwoFactorFilter>,
    /// How they stand with the password.
    #[param(inline, required = false, nullable = false)]
    password: Option<PasswordFilter>,
    /// How many days are soon, with `password=expiring` and `password=valid`; 14 without it.
    // No `default` in the document: generated clients would send it where it does not belong.
    #[param(required = false, nullable = false, minimum = 1, maximum = 366)]
    expiring_within_days: Option<u16>,
    /// Whether they have to wait at this moment, after wrong passwords or codes.
    #[param(required = false, nullable = false)]
    locked: Option<bool>,
    /// They hold this permission, by themselves or through a role.
    #[param(required = false, nullable = false, example = "account_settings")]
    permission: Option<String>,
    /// They have the role with this id.
    #[param(required = false, nullable = false)]
    role: Option<Uuid>,
    /// The order: by the time of creation, which is the default, or by the username; with `-` backwards.
    #[param(inline, required = false, nullable = false)]
    sort: Option<Sort>,
}

/// Whether somebody may sign in.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusFilter {
    /// May.
    Active,
    /// May not.
    Disabled,
}

/// How somebody stands with the second factor.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TwoFactorFilter {
    /// Without a device, and not asked for one.
    NotAsked,
    /// Asked, and without a device.
    NotEnrolled,
    /// With a device that is asked for.
    Enrolled,
    /// With a device that is not asked for.
    Asleep,
}

/// How somebody stands with the password.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasswordFilter {
    /// It can be used, and does not expire soon.
    Valid,
    /// It can be used, and expires soon.
    Expiring,
    /// It is expired.
    Expired,
    /// It has to be changed at the next sign-in, because an administrator wants it.
    ChangeRequired,
    /// There is none yet.
    NotSet,
}

/// The order.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The first one created first.
    #[default]
    CreatedAt,
    /// The last one created first.
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    /// By the username.
    Username,
    /// By the username, from the end of the alphabet.
    #[serde(rename = "-username")]
    UsernameDescending,
}

/// What to search for; otherwise what a search takes.
pub fn search(text: Option<&str>) -> std::result::Result<Option<String>, &'static str> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().nth(MAX_SEARCH).is_some() || text.chars().any(char::is_control)) {
        return Err("up to 100 characters, no control characters");
    }
    Ok(text.map(str::to_owned))
}

/// Which permission to look for; otherwise what is taken for one.
pub fn permission(name: Option<&str>) -> std::result::Result<Option<Permission>, &'static str> {
    name.map(str::parse::<Permission>).transpose().map_err(|_| "the name of a permission")
}

/// The days that are soon, with what is asked of passwords; otherwise what is taken for them.
pub fn soon(password: Option<PasswordFilter>, days: Option<u16>) -> std::result::Result<u16, &'static str> {
    let Some(days) = days else { return Ok(SOON) };
    let depends = matches!(password, Some(PasswordFilter::Valid | PasswordFilter::Expiring));
    if depends && (1..=MAX_SOON).contains(&days) {
        Ok(days)
    } else {
        Err("a number from 1 to 366, with `expiring` or `valid` passwords")
    }
}

impl ListUsers {
    /// How many items the page holds at most.
    pub fn limit(&self) -> u16 {
        self.limit.get().into()
    }

    /// The query without the place in it.
    pub fn query(&self) -> Result<UserQuery> {
        let refuse =
            |name: &str, expected: &str| Problem::malformed(format!("The query parameter `{name}` takes {expected}."));
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

    /// The place in it.
    pub fn after(&self, account: kernel::AccountId, query: &UserQuery) -> Result<Option<UserCursor>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let after = cursor.key::<String>().and_then(|key| UserCursor::parse(&key));
        let after = after.filter(|after| after.is_of(account, query)).ok_or_else(|| {
            Problem::malformed(
                "The query parameter `cursor` takes the `next_cursor` of the page before, with the same filters and the \
                 same order.",
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
