//! Lists the users of an account.

use chrono::TimeDelta;
use kernel::{AccountId, RoleId, Time, UserId};
use permissions::{Permission, UserPermissions};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{
    Conn,
    tables::{
        directory::{
            accounts,
            user_list::{self, Filters, Order, PasswordFilter},
            users::{self, Status, User},
        },
        policies::{password_policies::StoredPolicy, password_reach::Matching, two_factor_policies},
    },
};

use crate::{
    authority::allowed::Allowed,
    base::{
        error::{Error, Result},
        model::{Page, one_more},
        service::Service,
    },
    directory::users::{UserView, views_of},
    policies::password_policies::by_policy,
};

pub use store::tables::directory::user_list::TwoFactorState;

/// The state of a user's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordState {
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

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserSort {
    /// Oldest first.
    #[default]
    CreatedAt,
    /// Newest first.
    CreatedAtDescending,
    /// By the name to sign in with, from A to Z.
    Username,
    /// By the name to sign in with, from Z to A.
    UsernameDescending,
}

/// Which users to list, in which order; a filter that is `None` is not applied. Serializable so that a job can store
/// it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserQuery {
    /// Part of a name or of the email address.
    pub search: Option<String>,
    /// Whether they are active; `false`: disabled.
    pub active: Option<bool>,
    /// The state of their second factor.
    pub two_factor: Option<TwoFactorState>,
    /// The state of their password.
    pub password: Option<PasswordState>,
    /// Within how many days a password counts as expiring soon.
    pub expiring_within_days: u16,
    /// Whether they are locked right now, after wrong passwords or codes.
    pub locked: Option<bool>,
    /// They hold this, directly or through a role.
    #[serde(with = "by_name")]
    pub permission: Option<Permission>,
    /// They have this role.
    pub role: Option<RoleId>,
    /// The order.
    pub sort: UserSort,
}

/// Where a page begins: after a user, in the list of one query. Cursors of one query are not valid for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCursor {
    query: String,
    key: String,
}

impl UserCursor {
    /// Parses what [`Display`](std::fmt::Display) has written.
    pub fn parse(text: &str) -> Option<Self> {
        let (query, key) = text.split_once(' ')?;
        Some(Self { query: query.to_owned(), key: key.to_owned() })
    }

    /// Whether the cursor comes from this query on this account.
    pub fn is_of(&self, account: AccountId, query: &UserQuery) -> bool {
        self.query == query.digest(account) && query.order(Some(&self.key)).is_some()
    }
}

impl std::fmt::Display for UserCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.query, self.key)
    }
}

impl UserQuery {
    /// Distinguishes this query from others.
    fn digest(&self, account: AccountId) -> String {
        let digest = Sha256::digest(format!("{account} {self:?}"));
        let digest = digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        format!("{digest:016x}")
    }

    /// The conditions that users of the account must meet at `now`.
    ///
    /// # Errors
    /// [`Error::NotFound`]: there is no such account.
    pub(crate) fn filters(&self, conn: &mut Conn, account: AccountId, now: Time) -> Result<Filters> {
        let policy = two_factor_policies::of_account(conn, account)?.ok_or(Error::NotFound)?;
        let status = |active| if active { Status::Active } else { Status::Disabled };
        Ok(Filters {
            search: self.search.clone(),
            status: self.active.map(status),
            two_factor: self.two_factor.map(|state| (state, policy.mode)),
            password: password_filter(conn, account, self, now)?,
            locked: self.locked.map(|locked| (locked, now)),
            permission: self.permission.clone(),
            role: self.role,
        })
    }

    /// The order, after the user with this key; `None` when no user can have that key.
    fn order(&self, after: Option<&String>) -> Option<Order> {
        Some(match self.sort {
            UserSort::CreatedAt | UserSort::CreatedAtDescending => {
                let after = after.map(|key| key.parse::<UserId>().ok()).map_or(Some(None), |id| id.map(Some))?;
                Order::CreatedAt { descending: self.sort == UserSort::CreatedAtDescending, after }
            }
            UserSort::Username | UserSort::UsernameDescending => {
                let after = after.cloned().filter(|key| !key.contains('\0'));
                Order::Username { descending: self.sort == UserSort::UsernameDescending, after }
            }
        })
    }

    fn key_of(&self, user: &User) -> String {
        match self.sort {
            UserSort::CreatedAt | UserSort::CreatedAtDescending => user.id.to_string(),
            UserSort::Username | UserSort::UsernameDescending => user.username_key.clone(),
        }
    }
}

impl Service {
    /// Up to `limit` users of the account that match `query`, after `after`.
    ///
    /// # Errors
    /// [`Error::NotFound`]: there is no such account.
    pub async fn list_users(
        &self,
        by: &Allowed<UserPermissions>,
        query: UserQuery,
        after: Option<UserCursor>,
        limit: u16,
    ) -> Result<Page<UserView, UserCursor>> {
        let account = by.account_id();
        let now = self.core.now();
        self.store
            .read_much(account, move |conn| {
                accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                let filters = query.filters(conn, account, now)?;
                let order = query.order(after.as_ref().map(|after| &after.key)).ok_or(Error::NotFound)?;
                let ids = user_list::ids(conn, account, &filters, &order, one_more(limit))?;
                let found = users::by_ids(conn, account, &ids)?;
                let digest = query.digest(account);
                let page =
                    Page::of(found, limit.into(), |user| UserCursor { query: digest.clone(), key: query.key_of(user) });
                Ok(Page { items: views_of(conn, account, &page.items, now)?, next: page.next })
            })
            .await
    }
}

/// The conditions on passwords, for the database.
fn password_filter(
    conn: &mut Conn,
    account: AccountId,
    query: &UserQuery,
    now: Time,
) -> Result<Option<PasswordFilter>> {
    let soon = now + TimeDelta::days(query.expiring_within_days.into());
    let Some(state) = query.password else { return Ok(None) };
    let span = match state {
        PasswordState::NotSet => return Ok(Some(PasswordFilter::NotSet)),
        PasswordState::ChangeRequired => return Ok(Some(PasswordFilter::ChangeRequired)),
        PasswordState::Expired => (None, Some(now)),
        PasswordState::Expiring => (Some(now), Some(soon)),
        PasswordState::Valid => (Some(soon), None),
    };
    let policies = by_policy(conn, account)?;
    Ok(Some(PasswordFilter::Aged(policies.map(|policy| matching(policy, span)))))
}

/// The passwords under the policy that expire after the first time and not after the second.
fn matching(policy: &StoredPolicy, (after, until): (Option<Time>, Option<Time>)) -> Matching {
    match policy.expiry {
        Some(expiry) => Matching::Ranges(expiry.expiring(after, until)),
        None if until.is_none() => Matching::All,
        None => Matching::Ranges(Vec::new()),
    }
}

/// Serializes a permission by its name.
mod by_name {
    use permissions::Permission;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "serde hands it over like this")]
    pub(super) fn serialize<S: Serializer>(permission: &Option<Permission>, to: S) -> Result<S::Ok, S::Error> {
        permission.as_ref().map(Permission::as_str).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Permission>, D::Error> {
        Option::<String>::deserialize(from)?.map(|name| name.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_kept_and_reads_back() {
        let query = UserQuery {
            search: Some("ann".to_owned()),
            active: Some(true),
            two_factor: Some(TwoFactorState::NotEnrolled),
            password: Some(PasswordState::Expiring),
            expiring_within_days: 30,
            locked: Some(false),
            permission: Some(Permission::AccountSettings),
            role: Some("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()),
            sort: UserSort::Username,
        };
        for query in [query, UserQuery::default()] {
            let kept = serde_json::to_string(&query).unwrap();
            assert_eq!(serde_json::from_str::<UserQuery>(&kept).unwrap(), query, "{kept}");
        }
    }

    #[test]
    fn a_cursor_is_of_one_query() {
        let account: AccountId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let other: AccountId = "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap();
        let query = UserQuery { sort: UserSort::Username, ..UserQuery::default() };
        let cursor = UserCursor { query: query.digest(account), key: "ann with spaces".to_owned() };
        let read = UserCursor::parse(&cursor.to_string()).unwrap();
        assert_eq!(read, cursor);
        assert!(read.is_of(account, &query));
        assert!(!read.is_of(other, &query));
        for another in [
            UserQuery::default(),
            UserQuery { search: Some("a".to_owned()), ..query.clone() },
            UserQuery { locked: Some(true), ..query.clone() },
            UserQuery { active: Some(true), ..query.clone() },
            UserQuery { sort: UserSort::UsernameDescending, ..query.clone() },
        ] {
            assert!(!read.is_of(account, &another), "{another:?}");
        }
        let by_time = UserQuery::default();
        let forged = UserCursor { query: by_time.digest(account), key: "no id".to_owned() };
        assert!(!forged.is_of(account, &by_time));
    }
}
