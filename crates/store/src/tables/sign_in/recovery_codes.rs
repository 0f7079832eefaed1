//! The recovery codes of each user, as digests.

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};
use two_factor::RecoveryDigest;

use crate::{
    Conn, Result,
    schema::recovery_codes,
    sql_types::{SqlId, SqlTime},
};

#[derive(Insertable)]
#[diesel(table_name = recovery_codes)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    digest: Vec<u8>,
    acknowledged: bool,
}

/// The codes that a user has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryCodesLeft {
    /// How many are unused.
    pub left: i64,
    /// Whether the user has said that they have kept them.
    pub acknowledged: bool,
}

/// Makes these the codes of the user; all others become invalid.
pub fn replace(conn: &mut Conn, account: AccountId, user: UserId, digests: &[RecoveryDigest]) -> Result<()> {
    delete(conn, account, user)?;
    for digest in digests {
        let row = Row {
            account_id: account.into(),
            user_id: user.into(),
            digest: digest.as_bytes().to_vec(),
            acknowledged: false,
        };
        diesel::insert_into(recovery_codes::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// Uses up a code; returns whether it was an unused code of the user.
pub fn use_up(conn: &mut Conn, account: AccountId, user: UserId, digest: RecoveryDigest, now: Time) -> Result<bool> {
    let code = recovery_codes::table.find((SqlId::from(account), SqlId::from(user), digest.as_bytes().to_vec()));
    let used = diesel::update(code.filter(recovery_codes::used_at.is_null()))
        .set(recovery_codes::used_at.eq(SqlTime::from(now)))
        .execute(conn)?;
    Ok(used == 1)
}

/// How many codes of the user are left.
pub fn count_unused(conn: &mut Conn, account: AccountId, user: UserId) -> Result<i64> {
    Ok(recovery_codes::table
        .filter(recovery_codes::account_id.eq(SqlId::from(account)))
        .filter(recovery_codes::user_id.eq(SqlId::from(user)))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(conn)?)
}

/// What the user has left; `None`: the user has never got codes.
pub fn left(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Option<RecoveryCodesLeft>> {
    let codes = recovery_codes::table
        .filter(recovery_codes::account_id.eq(SqlId::from(account)))
        .filter(recovery_codes::user_id.eq(SqlId::from(user)))
        .select((recovery_codes::used_at, recovery_codes::acknowledged))
        .load::<(Option<SqlTime>, bool)>(conn)?;
    // All codes of a set are acknowledged together.
    let Some((_, acknowledged)) = codes.first() else { return Ok(None) };
    let unused = codes.iter().filter(|(used_at, _)| used_at.is_none()).count();
    Ok(Some(RecoveryCodesLeft { left: i64::try_from(unused).unwrap_or(i64::MAX), acknowledged: *acknowledged }))
}

/// Whether this is one of the user's codes, used or not.
pub fn contains(conn: &mut Conn, account: AccountId, user: UserId, digest: RecoveryDigest) -> Result<bool> {
    let code = recovery_codes::table.find((SqlId::from(account), SqlId::from(user), digest.as_bytes().to_vec()));
    Ok(code.count().get_result::<i64>(conn)? > 0)
}

/// Records that the user has kept the codes; returns whether that was not known before. The caller has locked the user.
pub fn acknowledge(conn: &mut Conn, account: AccountId, user: UserId) -> Result<bool> {
    let unseen = recovery_codes::table
        .filter(recovery_codes::account_id.eq(SqlId::from(account)))
        .filter(recovery_codes::user_id.eq(SqlId::from(user)))
        .filter(recovery_codes::acknowledged.eq(false));
    Ok(diesel::update(unseen).set(recovery_codes::acknowledged.eq(true)).execute(conn)? > 0)
}

/// Invalidates all codes of the user; returns how many.
pub fn delete(conn: &mut Conn, account: AccountId, user: UserId) -> Result<usize> {
    Ok(diesel::delete(
        recovery_codes::table
            .filter(recovery_codes::account_id.eq(SqlId::from(account)))
            .filter(recovery_codes::user_id.eq(SqlId::from(user))),
    )
    .execute(conn)?)
}
