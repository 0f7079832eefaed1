//! Users: the people of an account.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, entity};

use crate::{
    Conn, Result, StoreError,
    schema::{accounts, authenticators, users},
    sql_types::{SqlId, SqlTime},
    tables::{
        directory::{accounts as accounts_table, user_names, user_quotas},
        inconsistent,
    },
};

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// May.
    Active,
    /// May not, until enabled again.
    Disabled,
}

impl Status {
    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// A person of one account.
#[derive(Clone)]
pub struct User {
    /// The account.
    pub account_id: AccountId,
    /// The id of the user.
    pub id: UserId,
    /// The name typed at sign-in, as it was given.
    pub username: String,
    /// The name as it is compared; unique in the account.
    pub username_key: String,
    /// The display name.
    pub display_name: Option<String>,
    /// The email address.
    pub email: Option<String>,
    /// Whether the user may sign in.
    pub status: Status,
    /// The password's hash, a PHC string; `None` before the activation.
    pub password_hash: Option<String>,
    /// When the password was set.
    pub password_changed_at: Option<Time>,
    /// Whether a new password must be chosen at the next sign-in.
    pub password_change_required: bool,
    /// Grows with every change.
    pub version: i64,
    /// When the user was created.
    pub created_at: Time,
}

impl User {
    /// Whether the password is still that of `earlier`, the same user read before. A sign-in may have replaced the hash
    /// by one of the same password with the current parameters; that does not change the user, and the version stays.
    pub fn has_password_of(&self, earlier: &Self) -> bool {
        self.password_hash == earlier.password_hash || self.version == earlier.version
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
struct Row {
    account_id: SqlId<entity::Account>,
    id: SqlId<entity::User>,
    username: String,
    username_key: String,
    display_name: Option<String>,
    email: Option<String>,
    status: String,
    password_hash: Option<String>,
    password_changed_at: Option<SqlTime>,
    password_change_required: bool,
    version: i64,
    created_at: SqlTime,
}

impl TryFrom<Row> for User {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let status = match row.status.as_str() {
            "active" => Status::Active,
            "disabled" => Status::Disabled,
            _ => return Err(inconsistent("users", "status", UserId::from(row.id))),
        };
        Ok(Self {
            account_id: row.account_id.into(),
            id: row.id.into(),
            username: row.username,
            username_key: row.username_key,
            display_name: row.display_name,
            email: row.email,
            status,
            password_hash: row.password_hash,
            password_changed_at: row.password_changed_at.map(Time::from),
            password_change_required: row.password_change_required,
            version: row.version,
            created_at: row.created_at.into(),
        })
    }
}

impl From<&User> for Row {
    fn from(user: &User) -> Self {
        Self {
            account_id: user.account_id.into(),
            id: user.id.into(),
            username: user.username.clone(),
            username_key: user.username_key.clone(),
            display_name: user.display_name.clone(),
            email: user.email.clone(),
            status: user.status.as_str().to_owned(),
            password_hash: user.password_hash.clone(),
            password_changed_at: user.password_changed_at.map(SqlTime::from),
            password_change_required: user.password_change_required,
            version: user.version,
            created_at: user.created_at.into(),
        }
    }
}

/// Adds a user and what is derived from the names, and counts the user.
///
/// # Errors
/// A unique violation if the name, or one that looks like it, is taken; [`StoreError::QuotaReached`].
pub fn insert(conn: &mut Conn, user: &User) -> Result<()> {
    diesel::insert_into(users::table).values(Row::from(user)).execute(conn)?;
    user_names::insert(conn, user)?;
    user_quotas::admit(conn, user.account_id, 1)
}

/// Adds many users of `account` as [`insert`] does, all or none.
///
/// # Errors
/// A unique violation if one of the names, or one that looks like it, is taken; [`StoreError::QuotaReached`].
pub fn insert_many(conn: &mut Conn, account: AccountId, new: &[User]) -> Result<()> {
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for user in new {
                diesel::insert_into(users::table).values(Row::from(user)).execute(conn)?;
            }
        }
        // PostgreSQL statements take at most 65,535 parameters.
        Conn::Postgres(conn) => {
            for part in new.chunks(2_000) {
                let rows: Vec<Row> = part.iter().map(Row::from).collect();
                diesel::insert_into(users::table).values(rows).execute(conn)?;
            }
        }
    }
    user_names::insert_many(conn, new)?;
    user_quotas::admit(conn, account, new.len())
}

/// Whether a unique violation of [`insert`] or [`set_names`] means that the names look alike without being equal.
pub fn is_look_alike(constraint: &str) -> bool {
    constraint.contains("skeleton")
}

/// The user with this id in this account.
pub fn by_id(conn: &mut Conn, account: AccountId, id: UserId) -> Result<Option<User>> {
    let row =
        users::table.find((SqlId::from(account), SqlId::from(id))).select(Row::as_select()).first(conn).optional()?;
    row.map(User::try_from).transpose()
}

/// The user with this id if both the user and the account are active. One statement, because every request asks it.
pub fn active(conn: &mut Conn, account: AccountId, id: UserId) -> Result<Option<User>> {
    let row = users::table
        .inner_join(accounts::table.on(accounts::id.eq(users::account_id)))
        .filter(users::account_id.eq(SqlId::from(account)))
        .filter(users::id.eq(SqlId::from(id)))
        .filter(users::status.eq(Status::Active.as_str()))
        .filter(accounts::status.eq(accounts_table::LETS_IN.as_str()))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(User::try_from).transpose()
}

/// The user whose name compares equal to `username_key`.
pub fn by_username_key(conn: &mut Conn, account: AccountId, username_key: &str) -> Result<Option<User>> {
    let row = users::table
        .filter(users::account_id.eq(SqlId::from(account)))
        .filter(users::username_key.eq(username_key))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(User::try_from).transpose()
}

/// These users, in the order of `ids`; users that do not exist are omitted.
pub fn by_ids(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<Vec<User>> {
    let rows = users::table
        .filter(users::account_id.eq(SqlId::from(account)))
        .filter(users::id.eq_any(ids.iter().map(|id| SqlId::from(*id))))
        .select(Row::as_select())
        .load(conn)?;
    let mut found: HashMap<UserId, User> = HashMap::with_capacity(rows.len());
    for row in rows {
        let user = User::try_from(row)?;
        found.insert(user.id, user);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Up to `limit` users of the account that were created after the one with the id `after`, oldest first.
pub fn page(conn: &mut Conn, account: AccountId, after: Option<UserId>, limit: i64) -> Result<Vec<User>> {
    let mut query = users::table
        .filter(users::account_id.eq(SqlId::from(account)))
        .select(Row::as_select())
        .order(users::id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(users::id.gt(SqlId::from(after)));
    }
    query.load(conn)?.into_iter().map(User::try_from).collect()
}

/// A user as far as a preview of the two-factor policy needs it.
#[derive(Clone, Debug)]
pub struct UserAndDevice {
    /// The id of the user.
    pub id: UserId,
    /// The name typed at sign-in.
    pub username: String,
    /// The display name.
    pub display_name: Option<String>,
    /// `None`: no confirmed device; otherwise whether the user chose to have it.
    pub device_by_choice: Option<bool>,
}

/// Up to `limit` users of the account after the one with the id `after`, oldest first, each with the device.
pub fn page_with_device(
    conn: &mut Conn,
    account: AccountId,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<UserAndDevice>> {
    type Found = (SqlId<entity::User>, String, Option<String>, Option<bool>);
    let device = authenticators::account_id.eq(users::account_id).and(authenticators::user_id.eq(users::id));
    let mut query = users::table
        .left_join(authenticators::table.on(device))
        .filter(users::account_id.eq(SqlId::from(account)))
        .select((users::id, users::username, users::display_name, authenticators::by_choice.nullable()))
        .order(users::id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(users::id.gt(SqlId::from(after)));
    }
    let found = query.load::<Found>(conn)?;
    Ok(found
        .into_iter()
        .map(|(id, username, display_name, device_by_choice)| UserAndDevice {
            id: id.into(),
            username,
            display_name,
            device_by_choice,
        })
        .collect())
}

/// Which of `ids` are users of this account.
pub fn existing(conn: &mut Conn, account: AccountId, ids: &[UserId]) -> Result<Vec<UserId>> {
    let mut existing = Vec::with_capacity(ids.len());
    // In chunks, because a statement takes a limited number of parameters.
    for part in ids.chunks(1_000) {
        let found = users::table
            .filter(users::account_id.eq(SqlId::from(account)))
            .filter(users::id.eq_any(part.iter().map(|id| SqlId::from(*id))))
            .select(users::id)
            .load::<SqlId<entity::User>>(conn)?;
        existing.extend(found.into_iter().map(UserId::from));
    }
    Ok(existing)
}

/// Makes everyone else who locks this user wait until the transaction ends, but not those who merely add a row that
/// refers to the user; returns the current user. To lock two users, lock them in the order of their ids. SQLite's
/// writer is alone anyway.
pub fn lock(conn: &mut Conn, account: AccountId, id: UserId) -> Result<Option<User>> {
    match conn {
        Conn::Sqlite(_) => by_id(conn, account, id),
        Conn::Postgres(conn) => {
            let row = users::table
                .find((SqlId::from(account), SqlId::from(id)))
                .select(Row::as_select())
                .for_no_key_update()
                .first(conn)
                .optional()?;
            row.map(User::try_from).transpose()
        }
    }
}

/// Locks the user as [`lock`] does, and returns the user if [`active`] would.
pub fn lock_active(conn: &mut Conn, account: AccountId, id: UserId) -> Result<Option<User>> {
    let user = lock(conn, account, id)?.filter(|user| user.status == Status::Active);
    // A separate statement: it sees what was decided about the account while this one waited for the lock.
    if user.is_some() && accounts_table::active(conn, account)?.is_some() { Ok(user) } else { Ok(None) }
}

/// Writes the names of the user, and what is derived from them; a unique violation if the name, or one that looks like
/// it, is taken. The caller has locked the user.
pub fn set_names(conn: &mut Conn, user: &User) -> Result<()> {
    diesel::update(users::table.find((SqlId::from(user.account_id), SqlId::from(user.id))))
        .set((
            users::username.eq(&user.username),
            users::username_key.eq(&user.username_key),
            users::display_name.eq(&user.display_name),
            users::email.eq(&user.email),
            users::version.eq(users::version + 1),
        ))
        .execute(conn)?;
    user_names::delete(conn, user.account_id, user.id)?;
    user_names::insert(conn, user)
}

/// Deletes the user and, through foreign keys, all rows that belong to the user; the account's count drops by one.
/// Users whom this user imported keep the record that this user may know their password. The caller has locked account
/// and user.
pub fn delete(conn: &mut Conn, account: AccountId, id: UserId) -> Result<()> {
    let gone = diesel::delete(users::table.find((SqlId::from(account), SqlId::from(id)))).execute(conn)?;
    user_quotas::release(conn, account, gone)
}

/// Sets whether the user may sign in.
pub fn set_status(conn: &mut Conn, account: AccountId, id: UserId, status: Status) -> Result<()> {
    diesel::update(users::table.find((SqlId::from(account), SqlId::from(id))))
        .set((users::status.eq(status.as_str()), users::version.eq(users::version + 1)))
        .execute(conn)?;
    Ok(())
}

/// Sets a new password, chosen at `now`; it need not be changed at the next sign-in.
pub fn set_password(conn: &mut Conn, account: AccountId, id: UserId, hash: &str, now: Time) -> Result<()> {
    diesel::update(users::table.find((SqlId::from(account), SqlId::from(id))))
        .set((
            users::password_hash.eq(hash),
            users::password_changed_at.eq(SqlTime::from(now)),
            users::password_change_required.eq(false),
            users::version.eq(users::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Replaces the hash of the same password by one with today's parameters, unless the password has changed meanwhile. The
/// version stays: see [`User::has_password_of`].
pub fn rehash_password(conn: &mut Conn, account: AccountId, id: UserId, old: &str, new: &str) -> Result<()> {
    diesel::update(users::table.find((SqlId::from(account), SqlId::from(id))).filter(users::password_hash.eq(old)))
        .set(users::password_hash.eq(new))
        .execute(conn)?;
    Ok(())
}

/// Requires a new password at the next sign-in.
pub fn require_password_change(conn: &mut Conn, account: AccountId, id: UserId) -> Result<()> {
    diesel::update(users::table.find((SqlId::from(account), SqlId::from(id))))
        .set((users::password_change_required.eq(true), users::version.eq(users::version + 1)))
        .execute(conn)?;
    Ok(())
}

/// Counts a change of something that belongs to the user but is in another table.
pub fn touch(conn: &mut Conn, account: AccountId, id: UserId) -> Result<()> {
    diesel::update(users::table.find((SqlId::from(account), SqlId::from(id))))
        .set(users::version.eq(users::version + 1))
        .execute(conn)?;
    Ok(())
}
