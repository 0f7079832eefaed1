//! What the record of each imported user said.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{AccountId, RoleId, UserId, entity};

use crate::{
    Conn, Result,
    schema::{imported_users, user_roles, users},
    sql_types::SqlId,
    tables::digest,
};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 10_000;

#[derive(Insertable)]
#[diesel(table_name = imported_users)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    record_digest: Vec<u8>,
    importer_account_id: Option<SqlId<entity::Account>>,
    importer_user_id: Option<SqlId<entity::User>>,
}

/// Who imported users: somebody of an account; `None`: the operator.
pub type Importer = Option<(AccountId, UserId)>;

/// Remembers the records of users who were just added, and who added them.
pub fn insert(conn: &mut Conn, account: AccountId, records: &[(UserId, [u8; 32])], importer: Importer) -> Result<()> {
    let row = |(user, digest): &(UserId, [u8; 32])| Row {
        account_id: account.into(),
        user_id: (*user).into(),
        record_digest: digest.to_vec(),
        importer_account_id: importer.map(|(account, _)| account.into()),
        importer_user_id: importer.map(|(_, user)| user.into()),
    };
    match conn {
        // In the same process a statement for each row costs next to nothing.
        Conn::Sqlite(conn) => {
            for record in records {
                diesel::insert_into(imported_users::table).values(row(record)).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            for records in records.chunks(ROWS_PER_INSERT) {
                let rows: Vec<Row> = records.iter().map(row).collect();
                diesel::insert_into(imported_users::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Who may know the password of this user, because it is still the one that was imported.
pub fn knows_password(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Importer> {
    type Found = (Option<SqlId<entity::Account>>, Option<SqlId<entity::User>>);
    let found = imported_users::table
        .find((SqlId::from(account), SqlId::from(user)))
        .select((imported_users::importer_account_id, imported_users::importer_user_id))
        .first::<Found>(conn)
        .optional()?;
    let (account, user) = found.unwrap_or_default();
    Ok(account.zip(user).map(|(account, user)| (account.into(), user.into())))
}

/// Who may know the password of anybody who has this role, because it is still the one that was imported; without doubles.
pub fn know_a_password_in_role(conn: &mut Conn, account: AccountId, role: RoleId) -> Result<Vec<(AccountId, UserId)>> {
    type Found = (Option<SqlId<entity::Account>>, Option<SqlId<entity::User>>);
    let record =
        imported_users::account_id.eq(user_roles::account_id).and(imported_users::user_id.eq(user_roles::user_id));
    let found = user_roles::table
        .inner_join(imported_users::table.on(record))
        .filter(user_roles::account_id.eq(SqlId::from(account)))
        .filter(user_roles::role_id.eq(SqlId::from(role)))
        .filter(imported_users::importer_user_id.is_not_null())
        .select((imported_users::importer_account_id, imported_users::importer_user_id))
        .distinct()
        .load::<Found>(conn)?;
    Ok(found.into_iter().filter_map(|(account, user)| Some((account?.into(), user?.into()))).collect())
}

/// Notes that the user has a password of their own now. The caller has locked the user.
pub fn set_own_password(conn: &mut Conn, account: AccountId, user: UserId) -> Result<()> {
    diesel::update(imported_users::table.find((SqlId::from(account), SqlId::from(user))))
        .set((
            imported_users::importer_account_id.eq(None::<SqlId<entity::Account>>),
            imported_users::importer_user_id.eq(None::<SqlId<entity::User>>),
        ))
        .execute(conn)?;
    Ok(())
}

/// The users whose names compare equal to one of `keys`, and what the record of each said if it was imported.
pub fn by_username_keys(
    conn: &mut Conn,
    account: AccountId,
    keys: &[&str],
) -> Result<HashMap<String, Option<[u8; 32]>>> {
    let mut found = HashMap::new();
    // In parts: a statement takes a bounded number of parameters.
    for part in keys.chunks(1_000) {
        let record = imported_users::account_id.eq(users::account_id).and(imported_users::user_id.eq(users::id));
        let rows = users::table
            .left_join(imported_users::table.on(record))
            .filter(users::account_id.eq(SqlId::from(account)))
            .filter(users::username_key.eq_any(part))
            .select((users::username_key, imported_users::record_digest.nullable()))
            .load::<(String, Option<Vec<u8>>)>(conn)?;
        for (key, bytes) in rows {
            found.insert(key, bytes.map(|bytes| digest(&bytes, "imported_users")).transpose()?);
        }
    }
    Ok(found)
}
