//! The queue of import files: round robin over the accounts, and within an account oldest first, one at a time.

use diesel::prelude::*;
use kernel::{AccountId, UserImportId, entity};

use crate::{
    Conn, Result,
    schema::{
        accounts,
        user_import_queue::{self, dsl},
    },
    sql_types::{SqlId, SqlTime},
    tables::{
        base::lease::{Lease, LeaseClock, Waiting, is_free, renew},
        directory::accounts::LETS_IN,
    },
};

#[derive(Insertable)]
#[diesel(table_name = user_import_queue)]
struct Row {
    account_id: SqlId<entity::Account>,
    import_id: SqlId<entity::UserImport>,
    turn: i64,
    place: i64,
    attempts: i64,
}

/// Adds a file: at the end of its account's files; if the account has none, the account goes to the end of the
/// accounts.
pub fn add(conn: &mut Conn, account: AccountId, import: UserImportId) -> Result<()> {
    let of_account = user_import_queue::table
        .filter(dsl::account_id.eq(SqlId::from(account)))
        .select(dsl::turn)
        .first::<i64>(conn)
        .optional()?;
    let turn = match of_account {
        Some(turn) => turn,
        None => last_turn(conn)?,
    };
    let last = user_import_queue::table
        .filter(dsl::account_id.eq(SqlId::from(account)))
        .select(dsl::place)
        .order(dsl::place.desc())
        .first::<i64>(conn)
        .optional()?;
    let place = last.unwrap_or(0).saturating_add(1);
    let row = Row { account_id: account.into(), import_id: import.into(), turn, place, attempts: 0 };
    diesel::insert_into(user_import_queue::table).values(row).execute(conn)?;
    Ok(())
}

/// A turn after all that wait. Two nodes may find the same one concurrently; then their accounts are next to each
/// other.
fn last_turn(conn: &mut Conn) -> Result<i64> {
    let last = user_import_queue::table.select(dsl::turn).order(dsl::turn.desc()).first::<i64>(conn).optional()?;
    Ok(last.unwrap_or(0).saturating_add(1))
}

/// The first file of the account whose turn it is, among accounts whose users can sign in and for which nobody works.
pub fn next(conn: &mut Conn, clock: LeaseClock) -> Result<Option<Waiting<(AccountId, UserImportId)>>> {
    let leased = dsl::lease_until.ge(SqlTime(clock.now)).and(dsl::lease_until.le(SqlTime(clock.latest)));
    // No more than there are nodes.
    let busy = user_import_queue::table.filter(leased).select(dsl::account_id).load::<SqlId<entity::Account>>(conn)?;
    let account = user_import_queue::table
        .inner_join(accounts::table.on(accounts::id.eq(dsl::account_id)))
        .filter(accounts::status.eq(LETS_IN.as_str()))
        .filter(dsl::account_id.ne_all(busy))
        .select(dsl::account_id)
        .order((dsl::turn, dsl::place))
        .first::<SqlId<entity::Account>>(conn)
        .optional()?;
    let Some(account) = account else { return Ok(None) };
    let account_id = AccountId::from(account);
    let found = user_import_queue::table
        .filter(dsl::account_id.eq(SqlId::from(account_id)))
        .select((dsl::import_id, dsl::attempts))
        .order((dsl::place, dsl::import_id))
        .first::<(SqlId<entity::UserImport>, i64)>(conn)
        .optional()?;
    let waiting = |(import, attempts)| {
        let import = UserImportId::from(import);
        Waiting::of("user_import_queue", import, (account_id, import), attempts)
    };
    found.map(waiting).transpose()
}

/// Takes the lease of a file unless another holder has it, counts the attempt, and moves the account to the end;
/// returns whether that succeeded.
pub fn take(
    conn: &mut Conn,
    waiting: Waiting<(AccountId, UserImportId)>,
    lease: Lease,
    clock: LeaseClock,
) -> Result<bool> {
    let (account, import) = waiting.key;
    let file = user_import_queue::table.find((SqlId::from(account), SqlId::from(import)));
    let file = file.filter(dsl::attempts.eq(i64::from(waiting.attempts)));
    let changed = diesel::update(file.filter(is_free!(dsl, clock)))
        .set((
            dsl::attempts.eq(dsl::attempts + 1),
            dsl::lease_holder.eq(lease.holder.to_vec()),
            dsl::lease_until.eq(SqlTime(lease.until)),
        ))
        .execute(conn)?;
    if changed != 1 {
        return Ok(false);
    }
    let turn = last_turn(conn)?;
    diesel::update(user_import_queue::table.filter(dsl::account_id.eq(SqlId::from(account))))
        .set(dsl::turn.eq(turn))
        .execute(conn)?;
    Ok(true)
}

/// Renews the lease, and makes everyone who wants it wait until the transaction ends; returns whether it is still held.
/// The next records are about to be imported: the attempts start over.
pub fn renew(conn: &mut Conn, account: AccountId, import: UserImportId, lease: Lease) -> Result<bool> {
    Ok(renew!(conn, dsl, user_import_queue::table.find((SqlId::from(account), SqlId::from(import))), lease))
}

/// Releases the lease: the turn is over, and any node may have the next one.
pub fn release(conn: &mut Conn, account: AccountId, import: UserImportId, holder: [u8; 16]) -> Result<()> {
    let file = user_import_queue::table.find((SqlId::from(account), SqlId::from(import)));
    diesel::update(file.filter(dsl::lease_holder.eq(holder.to_vec())))
        .set((
            dsl::lease_holder.eq(None::<Vec<u8>>),
            dsl::lease_until.eq(None::<SqlTime>),
            // A node that releases it did finish.
            dsl::attempts.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Removes a file from the queue, and makes everyone who wants it wait until the transaction ends; returns whether it
/// was there.
pub fn remove(conn: &mut Conn, account: AccountId, import: UserImportId) -> Result<bool> {
    let file = user_import_queue::table.find((SqlId::from(account), SqlId::from(import)));
    Ok(diesel::delete(file).execute(conn)? == 1)
}
