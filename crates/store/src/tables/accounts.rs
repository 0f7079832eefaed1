//! Accounts: the tenants.

use diesel::prelude::*;
use kernel::{AccountId, Time, entity};

use crate::{
    Conn, Result,
    schema::accounts,
    sql_types::{SqlId, SqlTime},
};

/// A tenant.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The short name that people type at sign-in; unique.
    pub slug: String,
    /// The name that people read, in their authenticator app too.
    pub name: String,
    /// When it was created.
    pub created_at: Time,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts)]
struct Row {
    id: SqlId<entity::Account>,
    slug: String,
    name: String,
    status: String,
    created_at: SqlTime,
}

impl From<Row> for Account {
    fn from(row: Row) -> Self {
        Self { id: row.id.into(), slug: row.slug, name: row.name, created_at: row.created_at.into() }
    }
}

/// Adds an account; a unique violation when the slug is taken.
pub fn insert(conn: &mut Conn, account: &Account) -> Result<()> {
    let row = Row {
        id: account.id.into(),
        slug: account.slug.clone(),
        name: account.name.clone(),
        status: "active".to_owned(),
        created_at: account.created_at.into(),
    };
    diesel::insert_into(accounts::table).values(row).execute(conn)?;
    Ok(())
}

/// The account with this id.
pub fn by_id(conn: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    let row = accounts::table.find(SqlId::from(id)).select(Row::as_select()).first(conn).optional()?;
    Ok(row.map(Account::from))
}

/// Whether people and programs of this account may call.
pub fn is_active(conn: &mut Conn, id: AccountId) -> Result<bool> {
    let status = accounts::table.find(SqlId::from(id)).select(accounts::status).first::<String>(conn).optional()?;
    Ok(status.is_some_and(|status| status == "active"))
}

/// The account with this slug.
pub fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Account>> {
    let row = accounts::table.filter(accounts::slug.eq(slug)).select(Row::as_select()).first(conn).optional()?;
    Ok(row.map(Account::from))
}

/// Up to `limit` accounts that were created after the one with the id `after`, oldest first.
pub fn page(conn: &mut Conn, after: Option<AccountId>, limit: i64) -> Result<Vec<Account>> {
    let mut query = accounts::table.select(Row::as_select()).order(accounts::id).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(accounts::id.gt(SqlId::from(after)));
    }
    Ok(query.load(conn)?.into_iter().map(Account::from).collect())
}

/// Makes everybody else who locks this account wait until the transaction ends; not who merely adds a row that refers to
/// it. SQLite's writer is alone anyway.
pub fn lock(conn: &mut Conn, id: AccountId) -> Result<()> {
    match conn {
        Conn::Sqlite(_) => {}
        Conn::Postgres(conn) => {
            accounts::table.find(SqlId::from(id)).select(accounts::id).for_no_key_update().execute(conn)?;
        }
    }
    Ok(())
}
