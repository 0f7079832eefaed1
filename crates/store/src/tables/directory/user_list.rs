//! Selects a page of users: filters, order, and start.
//!
//! The statement is built as text, because its shape decides which index answers. A selective filter is a subselect
//! that an index answers (`u.id IN (…)`), so that the database can start from the few; a filter that most users meet is
//! tested row by row while the page is read in its order. A test reads the plans of both databases.

use diesel::QueryableByName;
use kernel::{AccountId, RoleId, Time, UserId, entity};
use names::keys_of_query;
use permissions::Permission;
use serde::{Deserialize, Serialize};
use two_factor::Mode;

use crate::tables::{
    base::statement::{Dialect, Statement, Value},
    policies::password_reach::{ByPolicy, Matching},
};
use crate::{
    Conn, Result,
    sql_types::{EntityId, SqlId},
    tables::directory::{
        user_names::{as_words, fold_query},
        users::Status,
    },
};

/// Up to this many users are few: they are collected first and sorted then. More are found quickly by reading the page
/// in its order, or are so many that sorting them would take longer.
const FEW: i64 = 10_000;

/// The order of the page, and its start: after the user with this key.
#[derive(Clone, Debug)]
pub enum Order {
    /// By time of creation, which ids follow.
    CreatedAt {
        /// Newest first.
        descending: bool,
        /// After this user.
        after: Option<UserId>,
    },
    /// By the name as compared.
    Username {
        /// From the end of the alphabet.
        descending: bool,
        /// After the user whose compared name is this.
        after: Option<String>,
    },
}

/// A user's second-factor state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TwoFactorState {
    /// No device, and none required.
    NotAsked,
    /// A device is required, and there is none yet.
    NotEnrolled,
    /// A device, and it is required.
    Enrolled,
    /// A device, but it is not required.
    Asleep,
}

/// A user's password state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordFilter {
    /// It must be changed at the next sign-in, whatever its age.
    ChangeRequired,
    /// There is none yet.
    NotSet,
    /// It need not be changed except for its age, and it matches under the policy that applies.
    Aged(ByPolicy<Matching>),
}

/// The filters of the page; `None` filters nothing.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Occurs in the user name, the display name or the email address; if one or two characters long, a word there
    /// begins with it.
    pub search: Option<String>,
    /// Whether they may sign in.
    pub status: Option<Status>,
    /// Their second-factor state, and the account's mode.
    pub two_factor: Option<(TwoFactorState, Mode)>,
    /// Their password state.
    pub password: Option<PasswordFilter>,
    /// Whether they are locked at this time, after wrong passwords or codes.
    pub locked: Option<(bool, Time)>,
    /// They hold this, directly or through a role.
    pub permission: Option<Permission>,
    /// They have this role.
    pub role: Option<RoleId>,
}

/// Up to `limit` ids of users of the account.
pub fn ids(conn: &mut Conn, account: AccountId, filters: &Filters, order: &Order, limit: i64) -> Result<Vec<UserId>> {
    let few = are_few(conn, account, filters)?;
    let statement = Statement::page(Dialect::of(conn), account, filters, few, (order, limit));
    let found: Vec<Found> = statement.load(conn)?;
    Ok(found.into_iter().map(|found| found.id.into()).collect())
}

/// Whether few users have a password of the requested age. Neither database estimates that well.
fn are_few(conn: &mut Conn, account: AccountId, filters: &Filters) -> Result<bool> {
    let Some(PasswordFilter::Aged(by)) = &filters.password else { return Ok(false) };
    let statement = Statement::some_of_age(Dialect::of(conn), account, by);
    let counted: Vec<Counted> = statement.load(conn)?;
    Ok(counted.first().is_some_and(|counted| counted.count <= FEW))
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = EntityId)]
    id: SqlId<entity::User>,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

impl Statement {
    /// The users page. `few`: few users have a password of the requested age.
    pub(crate) fn page(
        dialect: Dialect,
        account: AccountId,
        filters: &Filters,
        few: bool,
        (order, limit): (&Order, i64),
    ) -> Self {
        let mut statement = Self::new(dialect, account, "SELECT u.id FROM users u");
        if let Some((TwoFactorState::Enrolled | TwoFactorState::Asleep, _)) = filters.two_factor {
            // A join, so that devices, which are also ordered by id, can be read before their users or after them.
            statement.push(" JOIN authenticators a ON a.user_id = u.id AND a.account_id = ");
            statement.own_account();
        }
        statement.push(" WHERE u.account_id = ");
        statement.own_account();
        if let Some(search) = &filters.search {
            statement.search(&fold_query(search));
        }
        // Written into the text, not bound, so that the planner sees that the partial indexes match.
        match filters.status {
            Some(Status::Active) => statement.push(" AND u.status = 'active'"),
            Some(Status::Disabled) => statement.few("status = 'disabled'", order),
            None => {}
        }
        match &filters.password {
            Some(PasswordFilter::NotSet) => statement.few("password_hash IS NULL", order),
            Some(PasswordFilter::ChangeRequired) => {
                statement.few("password_change_required", order);
                statement.push(" AND u.password_hash IS NOT NULL");
            }
            Some(PasswordFilter::Aged(by)) => statement.aged(by, few),
            None => {}
        }
        if let Some((state, mode)) = filters.two_factor {
            statement.two_factor(state, mode);
        }
        if let Some((locked, now)) = filters.locked {
            statement.locked(locked, now);
        }
        if let Some(permission) = &filters.permission {
            statement.push(" AND u.id IN (");
            statement.holders(permission.as_str());
            statement.push(")");
        }
        if let Some(role) = filters.role {
            statement.push(" AND u.id IN (SELECT r.user_id FROM user_roles r WHERE r.account_id = ");
            statement.own_account();
            statement.push(" AND r.role_id = ");
            statement.value(Value::Role(role));
            statement.push(")");
        }
        statement.order(order, limit);
        statement
    }

    /// How many users may have a password of the requested age, counted up to one more than few.
    pub(crate) fn some_of_age(dialect: Dialect, account: AccountId, by: &ByPolicy<Matching>) -> Self {
        let mut statement = Self::new(dialect, account, "SELECT count(*) AS count FROM (");
        statement.candidates(by);
        statement.push(" LIMIT ");
        statement.value(Value::Number(FEW + 1));
        statement.push(") c");
        statement
    }

    /// A password of the requested age, under the policy that applies.
    fn aged(&mut self, by: &ByPolicy<Matching>, few: bool) {
        if few {
            self.push(" AND u.id IN (");
            self.candidates(by);
            self.push(")");
        }
        self.push(" AND u.password_hash IS NOT NULL AND NOT u.password_change_required AND ");
        // As a CASE matches no index over the age, and the page is read in its order, or from the few.
        self.by_policy(by, "u", |statement, matching| statement.matches(matching, "u"));
    }

    /// A query for the ids of all users who may match, and of some others: those to whom a policy is assigned, and
    /// those whose password has the age under the default.
    fn candidates(&mut self, by: &ByPolicy<Matching>) {
        let default = match &by.default {
            Matching::All => vec![None],
            Matching::Ranges(ranges) => ranges.iter().map(Some).collect(),
        };
        // An empty beginning, so that anything can follow.
        self.push("SELECT d.id FROM users d WHERE FALSE AND d.account_id = ");
        self.own_account();
        for range in default {
            self.push(" UNION ALL SELECT d.id FROM users d");
            if self.dialect == Dialect::Sqlite {
                // SQLite does not know how many passwords are of an age, and assumes many.
                self.push(" INDEXED BY users_password_age");
            }
            self.push(" WHERE d.account_id = ");
            self.own_account();
            self.push(" AND d.password_hash IS NOT NULL AND NOT d.password_change_required");
            if let Some(range) = range {
                self.push(" AND ");
                self.in_range(range, "d");
            }
        }
        for (reach, _) in by.assigned.iter().filter(|(_, matching)| !matching.is_empty()) {
            self.push(" UNION ALL SELECT w.user_id FROM (");
            self.whom(reach);
            self.push(") w");
        }
    }

    /// A condition that few users meet and that has its own index, in the order of ids. In that order the page is read
    /// from the index; in another order the few are collected first, or SQLite would read all names in their order.
    fn few(&mut self, condition: &str, order: &Order) {
        match order {
            Order::CreatedAt { .. } => self.push(&format!(" AND u.{condition}")),
            Order::Username { .. } => {
                self.push(" AND u.id IN (SELECT d.id FROM users d WHERE d.account_id = ");
                self.own_account();
                self.push(&format!(" AND d.{condition})"));
            }
        }
    }

    fn search(&mut self, query: &str) {
        let keys = keys_of_query(self.account.as_bytes(), query);
        let position = match self.dialect {
            Dialect::Sqlite => {
                self.push(
                    " AND u.id IN (SELECT n.user_id FROM user_names_index i JOIN user_names n ON n.number = i.rowid \
                     WHERE user_names_index MATCH ",
                );
                self.value(Value::Text(as_words(&keys)));
                " AND instr(n.text, "
            }
            Dialect::Postgres => {
                self.push(" AND u.id IN (SELECT n.user_id FROM user_names n WHERE n.keys @> ");
                self.value(Value::Keys(keys));
                " AND strpos(n.text, "
            }
        };
        // Keys of two accounts are different numbers, except by chance.
        self.push(" AND n.account_id = ");
        self.own_account();
        if query.chars().nth(2).is_some() {
            self.push(position);
            self.value(Value::Text(query.to_owned()));
            self.push(") > 0");
        }
        self.push(")");
    }

    fn two_factor(&mut self, state: TwoFactorState, mode: Mode) {
        match state {
            TwoFactorState::NotAsked | TwoFactorState::NotEnrolled => {
                self.push(" AND ");
                self.asked(mode, state == TwoFactorState::NotEnrolled);
                self.push(" AND NOT EXISTS (SELECT 1 FROM authenticators a WHERE a.user_id = u.id AND a.account_id = ");
                self.own_account();
                self.push(")");
            }
            TwoFactorState::Enrolled => {
                self.push(" AND (a.by_choice OR ");
                self.asked(mode, true);
                self.push(")");
            }
            TwoFactorState::Asleep => {
                self.push(" AND NOT a.by_choice AND ");
                self.asked(mode, false);
            }
        }
    }

    /// Whether the policy requires a second factor of the user `u`, or does not.
    pub(in crate::tables) fn asked(&mut self, mode: Mode, asked: bool) {
        if !mode.has_list() {
            return self.push(if mode.asks(false) == asked { "TRUE" } else { "FALSE" });
        }
        if mode.asks(true) == asked {
            self.push("u.id IN (SELECT l.user_id FROM two_factor_policy_users l WHERE l.account_id = ");
        } else {
            self.push("NOT EXISTS (SELECT 1 FROM two_factor_policy_users l WHERE l.user_id = u.id AND l.account_id = ");
        }
        self.own_account();
        self.push(")");
    }

    fn locked(&mut self, locked: bool, now: Time) {
        self.push(if locked { " AND u.id IN " } else { " AND u.id NOT IN " });
        self.push("(SELECT t.of_user FROM throttles t WHERE t.of_user IS NOT NULL AND t.of_account = ");
        self.own_account();
        self.push(" AND t.blocked_until > ");
        self.value(Value::Moment(now));
        self.push(")");
    }

    fn order(&mut self, order: &Order, limit: i64) {
        let (column, descending, after) = match order {
            Order::CreatedAt { descending, after } => ("u.id", *descending, after.map(Value::User)),
            Order::Username { descending, after } => {
                ("u.username_key", *descending, after.as_ref().map(|key| Value::Text(key.clone())))
            }
        };
        if let Some(after) = after {
            self.push(&format!(" AND {column} {} ", if descending { '<' } else { '>' }));
            self.value(after);
        }
        self.push(&format!(" ORDER BY {column}{} LIMIT ", if descending { " DESC" } else { "" }));
        self.value(Value::Number(limit));
    }
}
