//! Files with users, and how far each has been imported.

use diesel::prelude::*;
use kernel::{AccountId, Time, UserId, UserImportId, entity};

use crate::{
    Conn, Result, StoreError,
    schema::{accounts, user_imports},
    sql_types::{SqlId, SqlTime},
    tables::{
        accounts::LETS_IN,
        inconsistent,
        lease::{Lease, is_free},
    },
};

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportStatus {
    /// The file is on its way.
    Receiving,
    /// The file is here; nobody has begun.
    Queued,
    /// A node works on it, or did until it stopped.
    Running,
    /// Every record has been looked at.
    Done,
    /// It was given up; what was imported before stays.
    Failed,
}

impl ImportStatus {
    const ALL: [Self; 5] = [Self::Receiving, Self::Queued, Self::Running, Self::Done, Self::Failed];

    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// What became of the records so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Users that were added.
    pub imported: u32,
    /// Records that were imported before.
    pub unchanged: u32,
    /// Records that could not be imported.
    pub failed_lines: u32,
}

/// A file with users.
#[derive(Clone, Debug)]
pub struct UserImport {
    /// The account that the users are to belong to.
    pub account_id: AccountId,
    /// The id of the import.
    pub id: UserImportId,
    /// Who imports: account and user. `None` when that user is gone.
    pub importer: Option<(AccountId, UserId)>,
    /// The name of the format.
    pub format: String,
    /// What the fields of a record mean.
    pub columns: String,
    /// Where it stands.
    pub status: ImportStatus,
    /// Why it failed.
    pub failure: Option<String>,
    /// Records of the file.
    pub total_lines: u32,
    /// What became of them so far.
    pub tally: Tally,
    /// When the file came.
    pub created_at: Time,
    /// When it was done or failed.
    pub finished_at: Option<Time>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = user_imports)]
struct Row {
    account_id: SqlId<entity::Account>,
    id: SqlId<entity::UserImport>,
    importer_account_id: Option<SqlId<entity::Account>>,
    importer_id: Option<SqlId<entity::User>>,
    format: String,
    header: String,
    status: String,
    failure: Option<String>,
    total_lines: i64,
    imported: i64,
    unchanged: i64,
    failed_lines: i64,
    created_at: SqlTime,
    finished_at: Option<SqlTime>,
}

impl TryFrom<Row> for UserImport {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let id = UserImportId::from(row.id);
        let status = ImportStatus::ALL.into_iter().find(|status| status.as_str() == row.status);
        let count = |count: i64| u32::try_from(count).map_err(|_| inconsistent("user_imports", "imported", id));
        Ok(Self {
            account_id: row.account_id.into(),
            id,
            importer: row.importer_account_id.map(AccountId::from).zip(row.importer_id.map(UserId::from)),
            format: row.format,
            columns: row.header,
            status: status.ok_or_else(|| inconsistent("user_imports", "status", id))?,
            failure: row.failure,
            total_lines: count(row.total_lines)?,
            tally: Tally {
                imported: count(row.imported)?,
                unchanged: count(row.unchanged)?,
                failed_lines: count(row.failed_lines)?,
            },
            created_at: row.created_at.into(),
            finished_at: row.finished_at.map(Time::from),
        })
    }
}

/// Adds an import. Nobody holds its lease.
pub fn insert(conn: &mut Conn, import: &UserImport) -> Result<()> {
    let row = Row {
        account_id: import.account_id.into(),
        id: import.id.into(),
        importer_account_id: import.importer.map(|(account, _)| account.into()),
        importer_id: import.importer.map(|(_, user)| user.into()),
        format: import.format.clone(),
        header: import.columns.clone(),
        status: import.status.as_str().to_owned(),
        failure: import.failure.clone(),
        total_lines: import.total_lines.into(),
        imported: import.tally.imported.into(),
        unchanged: import.tally.unchanged.into(),
        failed_lines: import.tally.failed_lines.into(),
        created_at: import.created_at.into(),
        finished_at: import.finished_at.map(SqlTime::from),
    };
    diesel::insert_into(user_imports::table).values(row).execute(conn)?;
    Ok(())
}

/// The import with this id in this account.
pub fn by_id(conn: &mut Conn, account: AccountId, id: UserImportId) -> Result<Option<UserImport>> {
    let row = user_imports::table
        .find((SqlId::from(account), SqlId::from(id)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(UserImport::try_from).transpose()
}

/// How many imports of the account wait or are under way.
pub fn count_open(conn: &mut Conn, account: AccountId) -> Result<i64> {
    let open = user_imports::table
        .filter(user_imports::account_id.eq(SqlId::from(account)))
        .filter(user_imports::status.eq_any([ImportStatus::Queued.as_str(), ImportStatus::Running.as_str()]));
    Ok(open.count().get_result(conn)?)
}

/// The file is here: it may be imported. Whether it was expected.
pub fn received(
    conn: &mut Conn,
    account: AccountId,
    id: UserImportId,
    columns: &str,
    total_lines: u32,
) -> Result<bool> {
    let import = user_imports::table.find((SqlId::from(account), SqlId::from(id)));
    let changed = diesel::update(import.filter(user_imports::status.eq(ImportStatus::Receiving.as_str())))
        .set((
            user_imports::status.eq(ImportStatus::Queued.as_str()),
            user_imports::header.eq(columns),
            user_imports::total_lines.eq(i64::from(total_lines)),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// The import that has waited longest among those that nobody works on, of accounts that let anybody in. A lease that ends after `latest` was taken by a
/// clock that has been set back since, and does not count.
pub fn next_free(conn: &mut Conn, now: Time, latest: Time) -> Result<Option<UserImport>> {
    let open = [ImportStatus::Queued.as_str(), ImportStatus::Running.as_str()];
    let row = user_imports::table
        .inner_join(accounts::table.on(accounts::id.eq(user_imports::account_id)))
        .filter(accounts::status.eq(LETS_IN.as_str()))
        .filter(user_imports::status.eq_any(open))
        .filter(is_free!(user_imports, now, latest))
        .select(Row::as_select())
        .order((user_imports::created_at, user_imports::id))
        .first(conn)
        .optional()?;
    row.map(UserImport::try_from).transpose()
}

/// Takes the lease unless somebody else has it; whether that went well. `now` and `latest` as in [`next_free`].
pub fn take_lease(
    conn: &mut Conn,
    account: AccountId,
    id: UserImportId,
    lease: Lease,
    now: Time,
    latest: Time,
) -> Result<bool> {
    let open = [ImportStatus::Queued.as_str(), ImportStatus::Running.as_str()];
    let changed = diesel::update(
        user_imports::table
            .filter(user_imports::account_id.eq(SqlId::from(account)))
            .filter(user_imports::id.eq(SqlId::from(id)))
            .filter(user_imports::status.eq_any(open))
            .filter(is_free!(user_imports, now, latest)),
    )
    .set((
        user_imports::status.eq(ImportStatus::Running.as_str()),
        user_imports::lease_holder.eq(lease.holder.to_vec()),
        user_imports::lease_until.eq(SqlTime(lease.until)),
    ))
    .execute(conn)?;
    Ok(changed == 1)
}

/// Renews the lease, and makes everybody who wants it wait until the transaction ends; whether it is still held.
pub fn renew_lease(conn: &mut Conn, account: AccountId, id: UserImportId, lease: Lease) -> Result<bool> {
    let import = user_imports::table.find((SqlId::from(account), SqlId::from(id)));
    let held = import
        .filter(user_imports::status.eq(ImportStatus::Running.as_str()))
        .filter(user_imports::lease_holder.eq(lease.holder.to_vec()));
    Ok(diesel::update(held).set(user_imports::lease_until.eq(SqlTime(lease.until))).execute(conn)? == 1)
}

/// Gives the lease back: another may go on at once.
pub fn release_lease(conn: &mut Conn, account: AccountId, id: UserImportId, lease: Lease) -> Result<()> {
    let import = user_imports::table.find((SqlId::from(account), SqlId::from(id)));
    diesel::update(import.filter(user_imports::lease_holder.eq(lease.holder.to_vec())))
        .set(user_imports::lease_until.eq(None::<SqlTime>))
        .execute(conn)?;
    Ok(())
}

/// Counts what became of a batch. The caller holds the lease.
pub fn count(conn: &mut Conn, account: AccountId, id: UserImportId, tally: Tally) -> Result<()> {
    diesel::update(user_imports::table.find((SqlId::from(account), SqlId::from(id))))
        .set((
            user_imports::imported.eq(user_imports::imported + i64::from(tally.imported)),
            user_imports::unchanged.eq(user_imports::unchanged + i64::from(tally.unchanged)),
            user_imports::failed_lines.eq(user_imports::failed_lines + i64::from(tally.failed_lines)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends the import: done, or failed for a reason. The caller holds the lease.
pub fn finish(conn: &mut Conn, account: AccountId, id: UserImportId, failure: Option<&str>, now: Time) -> Result<()> {
    let status = if failure.is_some() { ImportStatus::Failed } else { ImportStatus::Done };
    diesel::update(user_imports::table.find((SqlId::from(account), SqlId::from(id))))
        .set((
            user_imports::status.eq(status.as_str()),
            user_imports::failure.eq(failure),
            user_imports::finished_at.eq(SqlTime(now)),
            user_imports::lease_until.eq(None::<SqlTime>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets the import with everything that belongs to it.
pub fn delete(conn: &mut Conn, account: AccountId, id: UserImportId) -> Result<()> {
    diesel::delete(user_imports::table.find((SqlId::from(account), SqlId::from(id)))).execute(conn)?;
    Ok(())
}

/// Forgets imports that ended before `finished_before`, and files whose sending began before `begun_before` and never
/// ended; how many.
pub fn purge(conn: &mut Conn, finished_before: Time, begun_before: Time) -> Result<usize> {
    let finished = diesel::delete(user_imports::table.filter(user_imports::finished_at.lt(SqlTime(finished_before))))
        .execute(conn)?;
    let broken_off = user_imports::table
        .filter(user_imports::status.eq(ImportStatus::Receiving.as_str()))
        .filter(user_imports::created_at.lt(SqlTime(begun_before)));
    Ok(finished + diesel::delete(broken_off).execute(conn)?)
}
