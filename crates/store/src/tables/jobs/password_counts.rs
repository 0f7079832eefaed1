//! Counts the active users of an account by password state.
//!
//! All users are counted under the account's default policy, from an index over the age of passwords. Then corrections
//! are made for the users to whom that does not apply: disabled users, and users with an assigned policy.

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Integer},
};
use kernel::AccountId;
use password_policy::ExpiringRange;

use crate::tables::{
    base::statement::{Dialect, Statement},
    policies::password_reach::{ByPolicy, Matching},
};
use crate::{Conn, Result};

/// Windows of time in which passwords expire, the nearest first: what has expired, then what follows.
pub type Windows = Vec<Vec<ExpiringRange>>;

/// Users with the same state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The policy that applies: its index among the assigned ones; `None`: the default.
    pub policy: Option<usize>,
    /// Their state.
    pub standing: Standing,
    /// How many; negative where others were counted too often before.
    pub count: i64,
}

/// A user's password state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No password yet.
    NotSet,
    /// The password must be changed at the next sign-in, whatever its age.
    ChangeRequired,
    /// The password expires in the window with this index.
    Expires(usize),
    /// The password expires after all windows, or never.
    Fine,
    /// In addition to one of the others: the password came with an imported user, and was not changed since.
    NeverChanged,
}

/// A password that is as old as its user. The wording matches an index.
const NEVER_CHANGED: &str =
    "u.password_hash IS NOT NULL AND COALESCE(u.password_changed_at, u.created_at) <= u.created_at";

/// All active users, as parts to be added up.
pub fn of_active(conn: &mut Conn, account: AccountId, by: &ByPolicy<Windows>) -> Result<Vec<Alike>> {
    let dialect = Dialect::of(conn);
    let mut parts = all_under_default(conn, account, &by.default)?;
    let default_alone = ByPolicy { assigned: Vec::new(), default: by.default.clone() };
    let disabled = " AND u.status = 'disabled'";
    let less = one_by_one(dialect, account, &default_alone, |statement| statement.push(disabled));
    parts.extend(take_away(less.load(conn)?));
    if !by.assigned.is_empty() {
        let assigned = |statement: &mut Statement| {
            statement.push(" AND u.status = 'active' AND u.id IN (");
            for (at, (reach, _)) in by.assigned.iter().enumerate() {
                statement.push(if at == 0 { "SELECT w.user_id FROM (" } else { " UNION SELECT w.user_id FROM (" });
                statement.whom(reach);
                statement.push(") w");
            }
            statement.push(")");
        };
        parts.extend(take_away(one_by_one(dialect, account, &default_alone, assigned).load(conn)?));
        let own: Vec<Row> = one_by_one(dialect, account, by, assigned).load(conn)?;
        parts.extend(own.into_iter().flat_map(Row::parts));
    }
    Ok(parts)
}

/// Users of any status under the default policy, each number from an index.
fn all_under_default(conn: &mut Conn, account: AccountId, windows: &Windows) -> Result<Vec<Alike>> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let mut count = |condition: &str, range: Option<&ExpiringRange>| -> Result<i64> {
        let mut statement = Statement::new(Dialect::of(conn), account, "SELECT count(*) AS count FROM users u WHERE ");
        statement.push("u.account_id = ");
        statement.own_account();
        statement.push(condition);
        if let Some(range) = range {
            statement.push(" AND ");
            statement.in_range(range, "u");
        }
        let counted: Vec<Counted> = statement.load(conn)?;
        Ok(counted.first().map_or(0, |counted| counted.count))
    };
    let aged = " AND u.password_hash IS NOT NULL AND NOT u.password_change_required";
    let part = |standing, count| Alike { policy: None, standing, count };
    let mut parts = Vec::new();
    let mut expiring: i64 = 0;
    for (at, window) in windows.iter().enumerate() {
        let counts = window.iter().map(|range| count(aged, Some(range))).collect::<Result<Vec<_>>>()?;
        let sum = counts.into_iter().fold(0, i64::saturating_add);
        expiring = expiring.saturating_add(sum);
        parts.push(part(Standing::Expires(at), sum));
    }
    let (all, aged) = (count("", None)?, count(aged, None)?);
    let not_set = count(" AND u.password_hash IS NULL", None)?;
    let never = count(&format!(" AND {NEVER_CHANGED}"), None)?;
    parts.push(part(Standing::Fine, aged.saturating_sub(expiring)));
    parts.push(part(Standing::NotSet, not_set));
    parts.push(part(Standing::ChangeRequired, all.saturating_sub(aged).saturating_sub(not_set)));
    parts.push(part(Standing::NeverChanged, never));
    Ok(parts)
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    policy: i32,
    #[diesel(sql_type = Integer)]
    standing: i32,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    never_changed: i64,
}

/// Numbers for the states in a statement; windows follow.
const NOT_SET: i32 = 0;
const CHANGE_REQUIRED: i32 = 1;
const FINE: i32 = 2;
const FIRST_WINDOW: i32 = 3;

impl Row {
    fn parts(self) -> [Alike; 2] {
        let standing = match self.standing {
            NOT_SET => Standing::NotSet,
            CHANGE_REQUIRED => Standing::ChangeRequired,
            FINE => Standing::Fine,
            window => Standing::Expires(usize::try_from(window.saturating_sub(FIRST_WINDOW)).unwrap_or(usize::MAX)),
        };
        let policy = usize::try_from(self.policy).ok();
        [
            Alike { policy, standing, count: self.count },
            Alike { policy, standing: Standing::NeverChanged, count: self.never_changed },
        ]
    }
}

fn take_away(rows: Vec<Row>) -> impl Iterator<Item = Alike> {
    rows.into_iter().flat_map(Row::parts).map(|part| Alike { count: part.count.saturating_neg(), ..part })
}

/// Counts some users one by one, each under the policy that applies.
fn one_by_one(
    dialect: Dialect,
    account: AccountId,
    by: &ByPolicy<Windows>,
    whom: impl FnOnce(&mut Statement),
) -> Statement {
    let mut statement = Statement::new(
        dialect,
        account,
        "SELECT policy, standing, count(*) AS count, count(never) AS never_changed FROM (SELECT ",
    );
    let mut places = by.map(|_| -1);
    for (at, (_, place)) in places.assigned.iter_mut().enumerate() {
        *place = i32::try_from(at).unwrap_or(i32::MAX);
    }
    statement.by_policy(&places, "u", |statement, place| statement.push(&place.to_string()));
    statement.push(&format!(
        " AS policy, CASE WHEN u.password_hash IS NULL THEN {NOT_SET} WHEN u.password_change_required THEN \
         {CHANGE_REQUIRED} ELSE "
    ));
    statement.by_policy(by, "u", |statement, windows| {
        statement.push("CASE");
        for (window, ranges) in (FIRST_WINDOW..).zip(windows) {
            statement.push(" WHEN ");
            statement.matches(&Matching::Ranges(ranges.clone()), "u");
            statement.push(&format!(" THEN {window}"));
        }
        statement.push(&format!(" WHEN TRUE THEN {FINE} END"));
    });
    statement.push(&format!(
        " END AS standing, CASE WHEN {NEVER_CHANGED} THEN 1 END AS never FROM users u WHERE u.account_id = "
    ));
    statement.own_account();
    whom(&mut statement);
    statement.push(") one GROUP BY policy, standing");
    statement
}
