//! The queue of accounts with waiting bulk jobs, and the nodes that work on them.
//!
//! An account has at most one row, and its jobs run one after the other. Whoever adds a job, works on jobs, or finds
//! that none are left locks the row first: before jobs, accounts and users.

use diesel::{dsl::max, prelude::*};
use kernel::{AccountId, entity};

use crate::{
    Conn, Result, StoreError, savepoint,
    schema::{accounts, bulk_queues},
    sql_types::{SqlId, SqlTime},
    tables::{
        base::lease::{Lease, LeaseClock, Waiting, is_free, renew},
        directory::accounts::LETS_IN,
    },
};

#[derive(Insertable)]
#[diesel(table_name = bulk_queues)]
struct Row {
    account_id: SqlId<entity::Account>,
    waiting: bool,
    turn: i64,
    attempts: i64,
}

/// Records that a job of the account waits, and makes everyone else who locks the row wait until the transaction ends.
pub fn call(conn: &mut Conn, account: AccountId) -> Result<()> {
    // A transaction that adds the row first may commit after our update.
    for _ in 0..2 {
        if set_waiting(conn, account)? {
            return Ok(());
        }
        let row = Row { account_id: account.into(), waiting: true, turn: last_turn(conn)?, attempts: 0 };
        let inserted = savepoint(conn, |conn| {
            diesel::insert_into(bulk_queues::table).values(row).execute(conn)?;
            Ok(())
        });
        match inserted {
            Err(StoreError::UniqueViolation { .. }) => {}
            other => return other,
        }
    }
    Err(StoreError::Unavailable)
}

fn set_waiting(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let queue = bulk_queues::table.find(SqlId::from(account));
    Ok(diesel::update(queue).set(bulk_queues::waiting.eq(true)).execute(conn)? == 1)
}

/// The account whose turn it is: it has waiting jobs that nobody works on, its users can sign in, and it has the lowest
/// number of those.
pub fn next_free(conn: &mut Conn, clock: LeaseClock) -> Result<Option<Waiting<AccountId>>> {
    let found = bulk_queues::table
        .inner_join(accounts::table.on(accounts::id.eq(bulk_queues::account_id)))
        .filter(accounts::status.eq(LETS_IN.as_str()))
        .filter(bulk_queues::waiting)
        .filter(is_free!(bulk_queues, clock))
        .select((bulk_queues::account_id, bulk_queues::attempts))
        .order((bulk_queues::turn, bulk_queues::account_id))
        .first::<(SqlId<entity::Account>, i64)>(conn)
        .optional()?;
    let waiting = |(account, attempts)| {
        let account = AccountId::from(account);
        Waiting::of("bulk_queues", account, account, attempts)
    };
    found.map(waiting).transpose()
}

/// Takes the lease unless another holder has it, counts the attempt, and moves the account to the end; returns whether
/// that succeeded.
pub fn take_lease(conn: &mut Conn, waiting: Waiting<AccountId>, lease: Lease, clock: LeaseClock) -> Result<bool> {
    // Before the end of the turn: an account whose turn never ends must not be first again.
    let turn = last_turn(conn)?.saturating_add(1);
    let free = bulk_queues::table
        .filter(bulk_queues::account_id.eq(SqlId::from(waiting.key)))
        .filter(bulk_queues::attempts.eq(i64::from(waiting.attempts)))
        .filter(bulk_queues::waiting)
        .filter(is_free!(bulk_queues, clock));
    let changed = diesel::update(free)
        .set((
            bulk_queues::turn.eq(turn),
            bulk_queues::attempts.eq(bulk_queues::attempts + 1),
            bulk_queues::lease_holder.eq(lease.holder.to_vec()),
            bulk_queues::lease_until.eq(SqlTime(lease.until)),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Renews the lease, and makes everyone who wants it wait until the transaction ends; returns whether it is still held.
/// The next step is about to run: the attempts start over.
pub fn renew_lease(conn: &mut Conn, account: AccountId, lease: Lease) -> Result<bool> {
    Ok(renew!(conn, bulk_queues, bulk_queues::table.find(SqlId::from(account)), lease))
}

/// The highest number in the queue. No clock decides whose turn it is: one that is set back would keep an account
/// waiting.
fn last_turn(conn: &mut Conn) -> Result<i64> {
    let last = bulk_queues::table.filter(bulk_queues::waiting).select(max(bulk_queues::turn));
    Ok(last.first::<Option<i64>>(conn)?.unwrap_or(0))
}

/// Releases the lease and ends the turn. `waiting`: whether there is more to do. The caller has renewed the lease in
/// this transaction.
pub fn end_turn(conn: &mut Conn, account: AccountId, waiting: bool) -> Result<()> {
    let turn = last_turn(conn)?.saturating_add(1);
    diesel::update(bulk_queues::table.find(SqlId::from(account)))
        .set((
            bulk_queues::waiting.eq(waiting),
            bulk_queues::turn.eq(turn),
            bulk_queues::lease_holder.eq(None::<Vec<u8>>),
            bulk_queues::lease_until.eq(None::<SqlTime>),
        ))
        .execute(conn)?;
    Ok(())
}
