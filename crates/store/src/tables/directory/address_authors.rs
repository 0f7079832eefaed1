//! Who set the email address of each user.

use diesel::prelude::*;
use kernel::{AccountId, ApiKeyId, UserId, entity};

use crate::{
    Conn, Result,
    schema::address_authors,
    sql_types::SqlId,
    tables::{Author, Columns},
};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 10_000;

/// Who set an email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressAuthor {
    /// Not known: the address was set before this was recorded.
    Unknown,
    /// The operator.
    Operator,
    /// A user or an API key of an account, which may no longer exist.
    Somebody(Author),
}

impl From<Option<Author>> for AddressAuthor {
    /// `None`: the operator.
    fn from(author: Option<Author>) -> Self {
        author.map_or(Self::Operator, Self::Somebody)
    }
}

#[derive(Insertable)]
#[diesel(table_name = address_authors)]
struct Row {
    account_id: SqlId<entity::Account>,
    user_id: SqlId<entity::User>,
    author_account: Option<SqlId<entity::Account>>,
    author: Option<SqlId<entity::User>>,
    author_key_account: Option<SqlId<entity::Account>>,
    author_key: Option<SqlId<entity::ApiKey>>,
}

impl Row {
    fn of(account: AccountId, user: UserId, author: Option<Author>) -> Self {
        let key = author.and_then(|author| author.api_key);
        Self {
            account_id: account.into(),
            user_id: user.into(),
            author_account: author.map(|author| author.user.0.into()),
            author: author.map(|author| author.user.1.into()),
            author_key_account: key.map(|(account, _): (AccountId, ApiKeyId)| account.into()),
            author_key: key.map(|(_, key)| key.into()),
        }
    }
}

/// Who set the address of this user.
pub fn of_user(conn: &mut Conn, account: AccountId, user: UserId) -> Result<AddressAuthor> {
    type Found = (Columns<entity::User>, Columns<entity::ApiKey>);
    let found = address_authors::table
        .find((SqlId::from(account), SqlId::from(user)))
        .select((
            (address_authors::author_account, address_authors::author),
            (address_authors::author_key_account, address_authors::author_key),
        ))
        .first::<Found>(conn)
        .optional()?;
    Ok(found.map_or(AddressAuthor::Unknown, |(user, key)| Author::of(user, key).into()))
}

/// Records who set the address of this user; `None`: the operator. The caller has locked the user.
pub fn set(conn: &mut Conn, account: AccountId, user: UserId, author: Option<Author>) -> Result<()> {
    forget(conn, account, user)?;
    diesel::insert_into(address_authors::table).values(Row::of(account, user, author)).execute(conn)?;
    Ok(())
}

/// The same for users who were just added.
pub fn insert_many(conn: &mut Conn, account: AccountId, users: &[UserId], author: Option<Author>) -> Result<()> {
    let row = |user: &UserId| Row::of(account, *user, author);
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for user in users {
                diesel::insert_into(address_authors::table).values(row(user)).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            for users in users.chunks(ROWS_PER_INSERT) {
                let rows: Vec<Row> = users.iter().map(row).collect();
                diesel::insert_into(address_authors::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// Records that the user has no address any more. The caller has locked the user.
pub fn forget(conn: &mut Conn, account: AccountId, user: UserId) -> Result<()> {
    diesel::delete(address_authors::table.find((SqlId::from(account), SqlId::from(user)))).execute(conn)?;
    Ok(())
}
