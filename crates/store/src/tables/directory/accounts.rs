//! Accounts: the tenants.

use diesel::prelude::*;
use kernel::{AccountId, Time, entity};
use names::fold;

use super::user_quotas::{self as quotas, UserQuota};
use crate::{
    Conn, Result, StoreError,
    schema::{accounts, user_quotas},
    sql_types::{SqlId, SqlTime},
    tables::inconsistent,
};

/// The state of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Its users can sign in.
    Active,
    /// None of its users can sign in until it is resumed.
    Suspended,
    /// None of its users can sign in, and it is permanently deleted at a known time unless the deletion is undone
    /// before.
    Deleting,
}

impl Status {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Deleting];

    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleting => "deleting",
        }
    }

    /// The status with this name.
    pub(in crate::tables) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// The status in which users of an account can sign in.
pub(in crate::tables) const LETS_IN: Status = Status::Active;

/// A tenant.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The short name that users type at sign-in; unique.
    pub slug: String,
    /// The display name, also shown in authenticator apps.
    pub name: String,
    /// Its state.
    pub status: Status,
    /// When it was suspended; kept while it is being deleted.
    pub suspended_at: Option<Time>,
    /// When it is permanently deleted.
    pub delete_at: Option<Time>,
    /// Grows with every change.
    pub version: i64,
    /// When it was created.
    pub created_at: Time,
}

impl Account {
    /// A new account.
    pub const fn new(id: AccountId, slug: String, name: String, now: Time) -> Self {
        let status = Status::Active;
        Self { id, slug, name, status, suspended_at: None, delete_at: None, version: 1, created_at: now }
    }

    /// Whether its users can sign in and its other callers can act. Every check goes through this one: at sign-in, in a
    /// session, and for everything else that acts for an account, mostly through [`active`], `users::active` and
    /// `users::lock_active`.
    pub fn lets_in(&self) -> bool {
        self.status == LETS_IN
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts)]
struct Row {
    id: SqlId<entity::Account>,
    slug: String,
    name: String,
    status: String,
    created_at: SqlTime,
    name_key: String,
    suspended_at: Option<SqlTime>,
    delete_at: Option<SqlTime>,
    version: i64,
}

impl TryFrom<Row> for Account {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let id = AccountId::from(row.id);
        let status = Status::of(&row.status);
        Ok(Self {
            id,
            slug: row.slug,
            name: row.name,
            status: status.ok_or_else(|| inconsistent("accounts", "status", id))?,
            suspended_at: row.suspended_at.map(Time::from),
            delete_at: row.delete_at.map(Time::from),
            version: row.version,
            created_at: row.created_at.into(),
        })
    }
}

/// Adds an account without users; a unique violation if the slug is taken.
pub fn insert(conn: &mut Conn, account: &Account, max_users: Option<u32>) -> Result<()> {
    let row = Row {
        id: account.id.into(),
        slug: account.slug.clone(),
        name: account.name.clone(),
        status: account.status.as_str().to_owned(),
        created_at: account.created_at.into(),
        name_key: fold(&account.name),
        suspended_at: account.suspended_at.map(SqlTime::from),
        delete_at: account.delete_at.map(SqlTime::from),
        version: account.version,
    };
    diesel::insert_into(accounts::table).values(row).execute(conn)?;
    quotas::insert(conn, account.id, max_users)
}

/// The account with this id.
pub fn by_id(conn: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    let row = accounts::table.find(SqlId::from(id)).select(Row::as_select()).first(conn).optional()?;
    row.map(Account::try_from).transpose()
}

/// The account with this slug.
pub fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Account>> {
    let row = accounts::table.filter(accounts::slug.eq(slug)).select(Row::as_select()).first(conn).optional()?;
    row.map(Account::try_from).transpose()
}

/// The account with this id if its users [can sign in](Account::lets_in).
pub fn active(conn: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    Ok(by_id(conn, id)?.filter(Account::lets_in))
}

/// The account with this id, and how many users it has and may have.
pub fn with_quota(conn: &mut Conn, id: AccountId) -> Result<Option<(Account, UserQuota)>> {
    let found = accounts::table
        .inner_join(user_quotas::table.on(user_quotas::account_id.eq(accounts::id)))
        .filter(accounts::id.eq(SqlId::from(id)))
        .select((Row::as_select(), (user_quotas::max_users, user_quotas::user_count)))
        .first::<(Row, quotas::Columns)>(conn)
        .optional()?;
    found.map(|(row, quota)| Ok((Account::try_from(row)?, quotas::read(quota, id)?))).transpose()
}

/// Which accounts to list.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// A prefix of the slug or of the name, as typed.
    pub prefix: Option<String>,
    /// Their state.
    pub status: Option<Status>,
}

/// Up to `limit` accounts that were created after the one with the id `after`, oldest first, each with how many users it
/// has and may have.
pub fn page(
    conn: &mut Conn,
    filter: &AccountFilter,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<(Account, UserQuota)>> {
    let mut query = accounts::table
        .inner_join(user_quotas::table.on(user_quotas::account_id.eq(accounts::id)))
        .select((Row::as_select(), (user_quotas::max_users, user_quotas::user_count)))
        .order(accounts::id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(accounts::id.gt(SqlId::from(after)));
    }
    if let Some(status) = filter.status {
        query = query.filter(accounts::status.eq(status.as_str()));
    }
    if let Some(prefix) = &filter.prefix {
        // Slugs are lowercase, and names are only case-folded.
        let (from, to) = range(fold(prefix.trim()));
        let of_slug = accounts::slug.ge(from.clone()).and(accounts::slug.lt(to.clone()));
        query = query.filter(of_slug.or(accounts::name_key.ge(from).and(accounts::name_key.lt(to))));
    }
    let found = query.load::<(Row, quotas::Columns)>(conn)?;
    let read = |(row, quota): (Row, quotas::Columns)| {
        let account = Account::try_from(row)?;
        let quota = quotas::read(quota, account.id)?;
        Ok((account, quota))
    };
    found.into_iter().map(read).collect()
}

/// Where the texts that begin with `prefix` begin and end, sorted by bytes. No text begins with the last code point of
/// Unicode, which is a noncharacter.
fn range(prefix: String) -> (String, String) {
    let end = format!("{prefix}{}", char::MAX);
    (prefix, end)
}

/// Makes everyone else who locks this account wait until the transaction ends, but not those who merely add a row that
/// refers to it. SQLite's writer is alone anyway.
pub fn lock(conn: &mut Conn, id: AccountId) -> Result<()> {
    match conn {
        Conn::Sqlite(_) => {}
        Conn::Postgres(conn) => {
            accounts::table.find(SqlId::from(id)).select(accounts::id).for_no_key_update().execute(conn)?;
        }
    }
    Ok(())
}

/// Sets the name. The caller has locked the account.
pub fn set_name(conn: &mut Conn, id: AccountId, name: &str) -> Result<()> {
    diesel::update(accounts::table.find(SqlId::from(id)))
        .set((accounts::name.eq(name), accounts::name_key.eq(fold(name))))
        .execute(conn)?;
    Ok(())
}

/// Counts a change of something that belongs to the account, in this table or another.
pub fn touch(conn: &mut Conn, id: AccountId) -> Result<()> {
    diesel::update(accounts::table.find(SqlId::from(id)))
        .set(accounts::version.eq(accounts::version + 1))
        .execute(conn)?;
    Ok(())
}

/// Writes the account's status and its two times. The caller has locked it. Returns whether that succeeded: not if its
/// rows are already being deleted.
pub fn set_lifecycle(conn: &mut Conn, account: &Account) -> Result<bool> {
    let row =
        accounts::table.filter(accounts::id.eq(SqlId::from(account.id))).filter(accounts::purge_started_at.is_null());
    let changed = diesel::update(row)
        .set((
            accounts::status.eq(account.status.as_str()),
            accounts::suspended_at.eq(account.suspended_at.map(SqlTime::from)),
            accounts::delete_at.eq(account.delete_at.map(SqlTime::from)),
            accounts::version.eq(accounts::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Up to `limit` accounts that are due for permanent deletion at `now`, longest overdue first.
pub fn due(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<Account>> {
    let rows = accounts::table
        .filter(accounts::delete_at.le(SqlTime::from(now)))
        .select(Row::as_select())
        .order((accounts::delete_at, accounts::id))
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(Account::try_from).collect()
}

/// Starts the deletion, which can no longer be undone; returns whether the account is still to be deleted. The caller
/// has locked it.
pub fn start_purge(conn: &mut Conn, id: AccountId, now: Time) -> Result<bool> {
    let due =
        accounts::table.filter(accounts::id.eq(SqlId::from(id))).filter(accounts::delete_at.le(SqlTime::from(now)));
    let changed = diesel::update(due).set(accounts::purge_started_at.eq(SqlTime::from(now))).execute(conn)?;
    Ok(changed == 1)
}

/// Deletes the account and, through foreign keys, its remaining rows.
pub fn delete(conn: &mut Conn, id: AccountId) -> Result<()> {
    diesel::delete(accounts::table.find(SqlId::from(id))).execute(conn)?;
    Ok(())
}

/// Derives values from the names of up to `limit` accounts that a migration left without them; returns whether that was
/// all.
pub fn derive_names(conn: &mut Conn, limit: i64) -> Result<bool> {
    let open: Vec<(SqlId<entity::Account>, String)> = accounts::table
        .filter(accounts::name_key.eq(""))
        .select((accounts::id, accounts::name))
        .limit(limit)
        .load(conn)?;
    for (id, name) in &open {
        // The name may have changed since.
        let row = accounts::table.filter(accounts::id.eq(*id)).filter(accounts::name.eq(name));
        diesel::update(row).set(accounts::name_key.eq(fold(name))).execute(conn)?;
    }
    Ok(open.is_empty())
}
