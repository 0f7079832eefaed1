//! The import record of each imported user.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{AccountId, ApiKeyId, RoleId, UserId, entity};

use crate::{
    Conn, Result,
    schema::{imported_users, user_roles, users},
    sql_types::SqlId,
    tables::{Author, Columns, digest},
};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 10_000;

#[derive(Insertable)]
#[diesel(table_name = imported_users)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    record_digest: Vec<u8>,
    importer_account: Option<SqlId<entity::Account>>,
    importer: Option<SqlId<entity::User>>,
    check_milliseconds: Option<i64>,
    importer_key_account: Option<SqlId<entity::Account>>,
    importer_key: Option<SqlId<entity::ApiKey>>,
}

/// An import record.
#[derive(Clone, Copy, Debug)]
pub struct ImportedRecord {
    /// The user created from it.
    pub user_id: UserId,
    /// The digest of the whole record.
    pub digest: [u8; 32],
    /// About how many milliseconds it takes to check a password against its hash, if that is long.
    pub check_milliseconds: Option<u32>,
}

/// Who imported users: a user or an API key of an account; `None`: the operator.
pub type Importer = Option<Author>;

/// Stores the records of users who were just added, and who added them.
pub fn insert(conn: &mut Conn, account: AccountId, records: &[ImportedRecord], importer: Importer) -> Result<()> {
    let key = importer.and_then(|importer| importer.api_key);
    let row = |record: &ImportedRecord| Row {
        account_id: account.into(),
        user_id: record.user_id.into(),
        record_digest: record.digest.to_vec(),
        importer_account: importer.map(|importer| importer.user.0.into()),
        importer: importer.map(|importer| importer.user.1.into()),
        check_milliseconds: record.check_milliseconds.map(i64::from),
        importer_key_account: key.map(|(account, _): (AccountId, ApiKeyId)| account.into()),
        importer_key: key.map(|(_, key)| key.into()),
    };
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
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

/// Who may know the password of this user, because it is still the imported one. They may no longer exist, and know it
/// all the same.
pub fn knows_password(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Importer> {
    type Found = (Columns<entity::User>, Columns<entity::ApiKey>);
    let found = imported_users::table
        .find((SqlId::from(account), SqlId::from(user)))
        .select((
            (imported_users::importer_account, imported_users::importer),
            (imported_users::importer_key_account, imported_users::importer_key),
        ))
        .first::<Found>(conn)
        .optional()?;
    Ok(found.and_then(|(user, key)| Author::of(user, key)))
}

/// Who may know the password of any user with this role, because it is still the imported one; without duplicates.
pub fn know_a_password_in_role(conn: &mut Conn, account: AccountId, role: RoleId) -> Result<Vec<Author>> {
    type Found = (Columns<entity::User>, Columns<entity::ApiKey>);
    let record =
        imported_users::account_id.eq(user_roles::account_id).and(imported_users::user_id.eq(user_roles::user_id));
    let found = user_roles::table
        .inner_join(imported_users::table.on(record))
        .filter(user_roles::account_id.eq(SqlId::from(account)))
        .filter(user_roles::role_id.eq(SqlId::from(role)))
        .filter(imported_users::importer.is_not_null())
        .select((
            (imported_users::importer_account, imported_users::importer),
            (imported_users::importer_key_account, imported_users::importer_key),
        ))
        .distinct()
        .load::<Found>(conn)?;
    Ok(found.into_iter().filter_map(|(user, key)| Author::of(user, key)).collect())
}

/// Records that the user now has a password of their own. The caller has locked the user.
pub fn set_own_password(conn: &mut Conn, account: AccountId, user: UserId) -> Result<()> {
    diesel::update(imported_users::table.find((SqlId::from(account), SqlId::from(user))))
        .set((
            imported_users::importer_account.eq(None::<SqlId<entity::Account>>),
            imported_users::importer.eq(None::<SqlId<entity::User>>),
            imported_users::check_milliseconds.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Records that the password changed, and that this importer may know the new one. The caller has locked the user.
pub fn set_known_password(conn: &mut Conn, account: AccountId, user: UserId, by: Author) -> Result<()> {
    let key: Option<(AccountId, ApiKeyId)> = by.api_key;
    diesel::update(imported_users::table.find((SqlId::from(account), SqlId::from(user))))
        .set((
            imported_users::importer_account.eq(Some(SqlId::from(by.user.0))),
            imported_users::importer.eq(Some(SqlId::from(by.user.1))),
            imported_users::importer_key_account.eq(key.map(|(account, _)| SqlId::from(account))),
            imported_users::importer_key.eq(key.map(|(_, key)| SqlId::from(key))),
            imported_users::check_milliseconds.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Records that the imported hash is gone; the password is the same. The caller has locked the user.
pub fn forget_hash(conn: &mut Conn, account: AccountId, user: UserId) -> Result<()> {
    diesel::update(imported_users::table.find((SqlId::from(account), SqlId::from(user))))
        .set(imported_users::check_milliseconds.eq(None::<i64>))
        .execute(conn)?;
    Ok(())
}

/// How many milliseconds the costliest check of all imported hashes takes, among those recorded as long.
pub fn longest_check(conn: &mut Conn) -> Result<Option<u32>> {
    let longest = imported_users::table
        .filter(imported_users::check_milliseconds.is_not_null())
        .select(imported_users::check_milliseconds)
        .order(imported_users::check_milliseconds.desc())
        .first::<Option<i64>>(conn)
        .optional()?;
    Ok(longest.flatten().map(|milliseconds| u32::try_from(milliseconds).unwrap_or(u32::MAX)))
}

/// The users whose names compare equal to one of `keys`, and the import record of each imported user.
pub fn by_username_keys(
    conn: &mut Conn,
    account: AccountId,
    keys: &[&str],
) -> Result<HashMap<String, Option<[u8; 32]>>> {
    let mut found = HashMap::new();
    // In chunks, because a statement takes a limited number of parameters.
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
