//! Second factors that someone other than the owner may know.

use diesel::prelude::*;
use kernel::{AccountId, ApiKeyId, RoleId, UserId, entity};

use crate::{
    Conn, Result,
    schema::{known_factors, user_roles},
    sql_types::SqlId,
    tables::{Author, Columns},
};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 10_000;

/// Who may know a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knower {
    /// Not known: the device was added before this was recorded.
    Unknown,
    /// A user or an API key of an account, which may no longer exist.
    Somebody(Author),
}

#[derive(Insertable)]
#[diesel(table_name = known_factors)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    importer_account: Option<SqlId<entity::Account>>,
    importer: Option<SqlId<entity::User>>,
    importer_key_account: Option<SqlId<entity::Account>>,
    importer_key: Option<SqlId<entity::ApiKey>>,
}

impl Row {
    fn of(account: AccountId, user: UserId, importer: Author) -> Self {
        let key: Option<(AccountId, ApiKeyId)> = importer.api_key;
        Self {
            account_id: account.into(),
            user_id: user.into(),
            importer_account: Some(importer.user.0.into()),
            importer: Some(importer.user.1.into()),
            importer_key_account: key.map(|(account, _)| account.into()),
            importer_key: key.map(|(_, key)| key.into()),
        }
    }
}

type Found = (Columns<entity::User>, Columns<entity::ApiKey>);

fn knower((user, key): Found) -> Knower {
    Author::of(user, key).map_or(Knower::Unknown, Knower::Somebody)
}

/// Records that the importer may know the device that was just added for this user. Deleted with the device.
pub fn insert(conn: &mut Conn, account: AccountId, user: UserId, importer: Author) -> Result<()> {
    diesel::insert_into(known_factors::table).values(Row::of(account, user, importer)).execute(conn)?;
    Ok(())
}

/// The same for the devices of many users.
pub fn insert_many(conn: &mut Conn, account: AccountId, users: &[UserId], importer: Author) -> Result<()> {
    let row = |user: &UserId| Row::of(account, *user, importer);
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for user in users {
                diesel::insert_into(known_factors::table).values(row(user)).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            for users in users.chunks(ROWS_PER_INSERT) {
                let rows: Vec<Row> = users.iter().map(row).collect();
                diesel::insert_into(known_factors::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Who may know the device of this user; `None`: only its owner.
pub fn of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<Option<Knower>> {
    let found = known_factors::table
        .find((SqlId::from(account), SqlId::from(user)))
        .select((
            (known_factors::importer_account, known_factors::importer),
            (known_factors::importer_key_account, known_factors::importer_key),
        ))
        .first::<Found>(conn)
        .optional()?;
    Ok(found.map(knower))
}

/// Who may know the device of any user with this role; without duplicates.
pub fn in_role(conn: &mut Conn, account: AccountId, role: RoleId) -> Result<Vec<Knower>> {
    let device =
        known_factors::account_id.eq(user_roles::account_id).and(known_factors::user_id.eq(user_roles::user_id));
    let found = user_roles::table
        .inner_join(known_factors::table.on(device))
        .filter(user_roles::account_id.eq(SqlId::from(account)))
        .filter(user_roles::role_id.eq(SqlId::from(role)))
        .select((
            (known_factors::importer_account, known_factors::importer),
            (known_factors::importer_key_account, known_factors::importer_key),
        ))
        .distinct()
        .load::<Found>(conn)?;
    Ok(found.into_iter().map(knower).collect())
}
