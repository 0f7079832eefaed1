//! Counts the active users of an account by second-factor state.
//!
//! All users are counted from indexes, and then disabled users are subtracted.

use diesel::{QueryableByName, sql_types::BigInt};
use kernel::{AccountId, RoleId, Time, UserId, entity};
use two_factor::Mode;

use crate::tables::base::statement::{Dialect, Statement, Value};
use crate::{
    Conn, Result,
    sql_types::{EntityId, SqlId},
};

/// Users who are on the policy's list, or users who are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// How many there are.
    pub users: i64,
    /// Those with a device by their own choice.
    pub chosen: i64,
    /// Those with a device that the policy required.
    pub plain: i64,
    /// Those without a device who were created before the given time.
    pub bare_early: i64,
}

/// Some users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those on the list of the policy; none if it has no list.
    pub listed: Devices,
    /// The others.
    pub unlisted: Devices,
}

impl Devices {
    fn less(self, other: Self) -> Self {
        Self {
            users: self.users.saturating_sub(other.users),
            chosen: self.chosen.saturating_sub(other.chosen),
            plain: self.plain.saturating_sub(other.plain),
            bare_early: self.bare_early.saturating_sub(other.bare_early),
        }
    }
}

impl Tally {
    fn less(self, other: Self) -> Self {
        Self { listed: self.listed.less(other.listed), unlisted: self.unlisted.less(other.unlisted) }
    }
}

/// All active users of the account. `early`: users with ids below it were created before the given time.
pub fn of_active(conn: &mut Conn, account: AccountId, mode: Mode, early: UserId) -> Result<Tally> {
    let dialect = Dialect::of(conn);
    // Each of these reads one index; a list is joined with devices.
    let users = count(conn, dialect, account, early, "users u WHERE u.account_id = ", "u.id")?;
    let devices = count(conn, dialect, account, early, "authenticators a WHERE a.account_id = ", "a.user_id")?;
    let everybody = everybody(users, devices);
    let mut all = Tally { unlisted: everybody, listed: Devices::default() };
    if mode.has_list() {
        let listed =
            count(conn, dialect, account, early, "two_factor_policy_users l WHERE l.account_id = ", "l.user_id")?;
        let with_devices = count(
            conn,
            dialect,
            account,
            early,
            "two_factor_policy_users l JOIN authenticators a ON a.account_id = l.account_id AND a.user_id = l.user_id \
             WHERE l.account_id = ",
            "l.user_id",
        )?;
        all.listed = self::everybody(listed, with_devices);
        all.unlisted = everybody.less(all.listed);
    }
    let disabled: Vec<Row> =
        one_by_one(dialect, account, mode, early, "users u", ("NULL", " AND u.status = 'disabled'")).load(conn)?;
    Ok(all.less(disabled.first().map(Row::tally).unwrap_or_default()))
}

/// The same for each role that an active user has.
pub fn by_role(conn: &mut Conn, account: AccountId, mode: Mode, early: UserId) -> Result<Vec<(RoleId, Tally)>> {
    let dialect = Dialect::of(conn);
    let of_role = |from: &str, and| one_by_one(dialect, account, mode, early, from, ("u.role_id", and));
    let all: Vec<Row> = of_role("(SELECT account_id, role_id, user_id AS id FROM user_roles) u", "").load(conn)?;
    let then = dialect.join_in_order();
    let disabled = format!(
        "(SELECT r.account_id, r.role_id, d.id FROM users d {then} user_roles r ON r.account_id = d.account_id \
         AND r.user_id = d.id WHERE d.status = 'disabled') u"
    );
    let disabled: Vec<Row> = of_role(&disabled, "").load(conn)?;
    let less = |role| disabled.iter().find(|row| row.role_id == role).map(Row::tally).unwrap_or_default();
    Ok(all.iter().filter_map(|row| Some((row.role_id?.into(), row.tally().less(less(row.role_id))))).collect())
}

/// Active users without a device of whom one is required since their own time; the time is after `cutoff` if `after`,
/// otherwise not after it. Counted for each role, and with `None` in total.
pub fn with_own_moment(
    conn: &mut Conn,
    account: AccountId,
    mode: Mode,
    (early, cutoff, after): (UserId, Time, bool),
) -> Result<Vec<(Option<RoleId>, i64)>> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = diesel::sql_types::Nullable<EntityId>)]
        role_id: Option<SqlId<entity::Role>>,
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let dialect = Dialect::of(conn);
    let then = dialect.join_in_order();
    // They are few, and selected before roles are joined: SQLite would read the roles of all users before `early`.
    let mut statement =
        Statement::new(dialect, account, "WITH due AS MATERIALIZED (SELECT u.id FROM two_factor_due e ");
    statement.push(then);
    statement.push(" users u ON u.account_id = e.account_id AND u.id = e.user_id WHERE e.account_id = ");
    statement.own_account();
    statement.push(if after { " AND e.since > " } else { " AND e.since <= " });
    statement.value(Value::Moment(cutoff));
    if after {
        statement.push(" AND u.id < ");
        statement.value(Value::User(early));
    }
    statement.push(" AND u.status = 'active' AND ");
    statement.asked(mode, true);
    statement.push(" AND NOT EXISTS (SELECT 1 FROM authenticators a WHERE a.user_id = u.id AND a.account_id = ");
    statement.own_account();
    statement.push(&format!(
        ")) SELECT NULL AS role_id, count(*) AS count FROM due UNION ALL \
         SELECT r.role_id, count(*) FROM due {then} user_roles r ON r.user_id = due.id WHERE r.account_id = "
    ));
    statement.own_account();
    statement.push(" GROUP BY r.role_id");
    let counted: Vec<Counted> = statement.load(conn)?;
    Ok(counted.into_iter().map(|row| (row.role_id.map(RoleId::from), row.count)).collect())
}

/// How many, and how many of them early; devices also by whose choice.
#[derive(Clone, Copy, QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    total: i64,
    #[diesel(sql_type = BigInt)]
    early: i64,
    #[diesel(sql_type = BigInt)]
    chosen: i64,
}

fn count(conn: &mut Conn, dialect: Dialect, account: AccountId, early: UserId, from: &str, id: &str) -> Result<Counts> {
    let chosen = if from.contains(" a ") { "count(CASE WHEN a.by_choice THEN 1 END)" } else { "0" };
    let mut statement = Statement::new(dialect, account, "SELECT count(*) AS total, count(CASE WHEN ");
    statement.push(&format!("{id} < "));
    statement.value(Value::User(early));
    statement.push(&format!(" THEN 1 END) AS early, CAST({chosen} AS bigint) AS chosen FROM {from}"));
    statement.own_account();
    let mut counts: Vec<Counts> = statement.load(conn)?;
    Ok(counts.pop().unwrap_or(Counts { total: 0, early: 0, chosen: 0 }))
}

fn everybody(users: Counts, devices: Counts) -> Devices {
    Devices {
        users: users.total,
        chosen: devices.chosen,
        plain: devices.total.saturating_sub(devices.chosen),
        bare_early: users.early.saturating_sub(devices.early),
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Nullable<EntityId>)]
    role_id: Option<SqlId<entity::Role>>,
    #[diesel(sql_type = BigInt)]
    users: i64,
    #[diesel(sql_type = BigInt)]
    chosen: i64,
    #[diesel(sql_type = BigInt)]
    plain: i64,
    #[diesel(sql_type = BigInt)]
    bare_early: i64,
    #[diesel(sql_type = BigInt)]
    listed: i64,
    #[diesel(sql_type = BigInt)]
    listed_chosen: i64,
    #[diesel(sql_type = BigInt)]
    listed_plain: i64,
    #[diesel(sql_type = BigInt)]
    listed_bare_early: i64,
}

impl Row {
    fn tally(&self) -> Tally {
        let all = Devices { users: self.users, chosen: self.chosen, plain: self.plain, bare_early: self.bare_early };
        let listed = Devices {
            users: self.listed,
            chosen: self.listed_chosen,
            plain: self.listed_plain,
            bare_early: self.listed_bare_early,
        };
        Tally { listed, unlisted: all.less(listed) }
    }
}

/// Counts some users one by one: `from` gives them as `u`, with an `account_id` and an `id`.
fn one_by_one(
    dialect: Dialect,
    account: AccountId,
    mode: Mode,
    early: UserId,
    from: &str,
    (role, and): (&str, &str),
) -> Statement {
    let mut statement = Statement::new(dialect, account, "SELECT ");
    statement.push(&format!("{role} AS role_id"));
    // Nobody is on the list if the mode has none.
    let listed = if mode.has_list() { "l.user_id IS NOT NULL" } else { "FALSE" };
    for (prefix, listed) in [("", "TRUE"), ("listed_", listed)] {
        let all = if prefix.is_empty() { "users" } else { "listed" };
        statement.push(&format!(
            ", count(CASE WHEN {listed} THEN 1 END) AS {all}\
             , count(CASE WHEN {listed} AND a.by_choice THEN 1 END) AS {prefix}chosen\
             , count(CASE WHEN {listed} AND NOT a.by_choice THEN 1 END) AS {prefix}plain\
             , count(CASE WHEN {listed} AND a.user_id IS NULL AND u.id < "
        ));
        statement.value(Value::User(early));
        statement.push(&format!(" THEN 1 END) AS {prefix}bare_early"));
    }
    statement
        .push(&format!(" FROM {from} LEFT JOIN authenticators a ON a.account_id = u.account_id AND a.user_id = u.id"));
    if mode.has_list() {
        statement.push(" LEFT JOIN two_factor_policy_users l ON l.account_id = u.account_id AND l.user_id = u.id");
    }
    statement.push(" WHERE u.account_id = ");
    statement.own_account();
    statement.push(and);
    if role != "NULL" {
        statement.push(&format!(" GROUP BY {role}"));
    }
    statement
}
