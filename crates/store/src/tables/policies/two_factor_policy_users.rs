//! The list of users that two modes of the two-factor policy have.

use std::collections::BTreeSet;

use diesel::prelude::*;
use kernel::{AccountId, UserId, entity};

use crate::{Conn, Result, schema::two_factor_policy_users, sql_types::SqlId};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 10_000;

/// Rows of one delete: SQLite takes fewer parameters.
const ROWS_PER_DELETE: usize = 1_000;

#[derive(Insertable, Clone, Copy)]
#[diesel(table_name = two_factor_policy_users)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
}

/// The difference between two lists, in the order of ids.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// Users who were added.
    pub added: Vec<UserId>,
    /// Users who were removed.
    pub removed: Vec<UserId>,
}

/// Makes `ids` the list; they must be users of the account. Only differences are written and returned.
pub fn replace(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<Difference> {
    let wanted: BTreeSet<UserId> = ids.iter().copied().collect();
    let current: BTreeSet<UserId> = page(conn, account, None, i64::MAX)?.into_iter().collect();
    let difference = Difference {
        added: wanted.difference(&current).copied().collect(),
        removed: current.difference(&wanted).copied().collect(),
    };
    for removed in difference.removed.chunks(ROWS_PER_DELETE) {
        diesel::delete(
            two_factor_policy_users::table
                .filter(two_factor_policy_users::account_id.eq(SqlId::from(account)))
                .filter(two_factor_policy_users::user_id.eq_any(removed.iter().map(|id| SqlId::from(*id)))),
        )
        .execute(conn)?;
    }
    let row = |id: &UserId| Row { account_id: account.into(), user_id: (*id).into() };
    let added: Vec<Row> = difference.added.iter().map(row).collect();
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for row in added {
                diesel::insert_into(two_factor_policy_users::table).values(row).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            for rows in added.chunks(ROWS_PER_INSERT) {
                diesel::insert_into(two_factor_policy_users::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(difference)
}

/// Which of these users are on the list.
pub fn among(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<Vec<UserId>> {
    let found = two_factor_policy_users::table
        .filter(two_factor_policy_users::account_id.eq(SqlId::from(account)))
        .filter(two_factor_policy_users::user_id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select(two_factor_policy_users::user_id)
        .load::<SqlId<entity::User>>(conn)?;
    Ok(found.into_iter().map(UserId::from).collect())
}

/// How many users are on the list.
pub fn count(conn: &mut Conn, account: AccountId) -> Result<i64> {
    let list = two_factor_policy_users::table.filter(two_factor_policy_users::account_id.eq(SqlId::from(account)));
    Ok(list.count().get_result(conn)?)
}

/// Up to `limit` users of the list after the one with the id `after`, in the order of ids.
pub fn page(conn: &mut Conn, account: AccountId, after: Option<UserId>, limit: i64) -> Result<Vec<UserId>> {
    let mut query = two_factor_policy_users::table
        .filter(two_factor_policy_users::account_id.eq(SqlId::from(account)))
        .select(two_factor_policy_users::user_id)
        .order(two_factor_policy_users::user_id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(two_factor_policy_users::user_id.gt(SqlId::from(after)));
    }
    let found = query.load::<SqlId<entity::User>>(conn)?;
    Ok(found.into_iter().map(UserId::from).collect())
}
