//! Import files, and the progress of each.

use diesel::prelude::*;
use kernel::{AccountId, Time, UserImportId, entity};

use crate::{
    Conn, Result, StoreError,
    schema::user_imports,
    sql_types::{SqlId, SqlTime},
    tables::{Author, inconsistent, jobs::user_import_keys},
};

/// The state of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportStatus {
    /// The file is being uploaded.
    Receiving,
    /// The file is complete; the import has not begun.
    Queued,
    /// A node works on it, or did until it stopped.
    Running,
    /// Every record was processed.
    Done,
    /// It was given up; what was imported before stays.
    Failed,
    /// Cancelled by a caller; what was imported before stays.
    Cancelled,
}

impl ImportStatus {
    const ALL: [Self; 6] = [Self::Receiving, Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The states that have not ended.
    const OPEN: [Self; 3] = [Self::Receiving, Self::Queued, Self::Running];

    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The outcomes so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Users that were added.
    pub imported: u32,
    /// Records that had been imported before.
    pub unchanged: u32,
    /// Records that could not be imported.
    pub failed_lines: u32,
}

/// An import file.
#[derive(Clone, Debug)]
pub struct UserImport {
    /// The account of the imported users.
    pub account_id: AccountId,
    /// The id of the import.
    pub id: UserImportId,
    /// Who imports. `None` if that user no longer exists.
    pub importer: Option<Author>,
    /// The name of the format.
    pub format: String,
    /// What the fields of a record mean.
    pub columns: String,
    /// The state.
    pub status: ImportStatus,
    /// Why it failed.
    pub failure: Option<String>,
    /// How many records the file has.
    pub total_lines: u32,
    /// The outcomes so far.
    pub tally: Tally,
    /// How many failed records have no row that says why.
    pub errors_not_kept: u32,
    /// When the upload began.
    pub created_at: Time,
    /// When it ended.
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
    errors_not_kept: i64,
}

/// The API key of the importer: account and key.
type Key = (SqlId<entity::Account>, SqlId<entity::ApiKey>);

impl TryFrom<(Row, Option<Key>)> for UserImport {
    type Error = StoreError;

    fn try_from((row, key): (Row, Option<Key>)) -> Result<Self> {
        let id = UserImportId::from(row.id);
        let status = ImportStatus::ALL.into_iter().find(|status| status.as_str() == row.status);
        let count = |count: i64| u32::try_from(count).map_err(|_| inconsistent("user_imports", "imported", id));
        Ok(Self {
            account_id: row.account_id.into(),
            id,
            importer: Author::of((row.importer_account_id, row.importer_id), key.unzip()),
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
            errors_not_kept: count(row.errors_not_kept)?,
            created_at: row.created_at.into(),
            finished_at: row.finished_at.map(Time::from),
        })
    }
}

/// Adds an import.
pub fn insert(conn: &mut Conn, import: &UserImport) -> Result<()> {
    let row = Row {
        account_id: import.account_id.into(),
        id: import.id.into(),
        importer_account_id: import.importer.map(|importer| importer.user.0.into()),
        importer_id: import.importer.map(|importer| importer.user.1.into()),
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
        errors_not_kept: import.errors_not_kept.into(),
    };
    diesel::insert_into(user_imports::table).values(row).execute(conn)?;
    match import.importer.and_then(|importer| importer.api_key) {
        Some(key) => user_import_keys::insert(conn, import.account_id, import.id, key),
        None => Ok(()),
    }
}

/// The import with this id in this account.
pub fn by_id(conn: &mut Conn, account: AccountId, id: UserImportId) -> Result<Option<UserImport>> {
    let row: Option<Row> = user_imports::table
        .find((SqlId::from(account), SqlId::from(id)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(|row| with_key(conn, row)).transpose()
}

fn with_key(conn: &mut Conn, row: Row) -> Result<UserImport> {
    let key = user_import_keys::of_import(conn, row.account_id, row.id)?;
    UserImport::try_from((row, key))
}

/// Up to `limit` imports of the account whose file is complete, with this status if given, newest first, after the one
/// with the id `before`.
pub fn page(
    conn: &mut Conn,
    account: AccountId,
    status: Option<ImportStatus>,
    before: Option<UserImportId>,
    limit: i64,
) -> Result<Vec<UserImport>> {
    let mut query = user_imports::table
        .filter(user_imports::account_id.eq(SqlId::from(account)))
        .filter(user_imports::status.ne(ImportStatus::Receiving.as_str()))
        .select(Row::as_select())
        .order(user_imports::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(status) = status {
        query = query.filter(user_imports::status.eq(status.as_str()));
    }
    if let Some(before) = before {
        query = query.filter(user_imports::id.lt(SqlId::from(before)));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(|row| with_key(conn, row)).collect()
}

/// How many imports of the account have not ended, including those still being uploaded. The caller has locked the
/// account.
pub fn count_open(conn: &mut Conn, account: AccountId) -> Result<i64> {
    let open = user_imports::table
        .filter(user_imports::account_id.eq(SqlId::from(account)))
        .filter(user_imports::status.eq_any(ImportStatus::OPEN.map(ImportStatus::as_str)));
    Ok(open.count().get_result(conn)?)
}

/// Records that the file is complete and may be imported; returns whether it was expected.
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

/// Records that work on the import has begun. The caller holds its lease.
pub fn set_running(conn: &mut Conn, account: AccountId, id: UserImportId) -> Result<()> {
    let import = user_imports::table.find((SqlId::from(account), SqlId::from(id)));
    diesel::update(import.filter(user_imports::status.eq(ImportStatus::Queued.as_str())))
        .set(user_imports::status.eq(ImportStatus::Running.as_str()))
        .execute(conn)?;
    Ok(())
}

/// Counts the outcomes of a batch, and how many of its errors were not kept. The caller holds the lease.
pub fn count(conn: &mut Conn, account: AccountId, id: UserImportId, tally: Tally, errors_not_kept: u32) -> Result<()> {
    diesel::update(user_imports::table.find((SqlId::from(account), SqlId::from(id))))
        .set((
            user_imports::imported.eq(user_imports::imported + i64::from(tally.imported)),
            user_imports::unchanged.eq(user_imports::unchanged + i64::from(tally.unchanged)),
            user_imports::failed_lines.eq(user_imports::failed_lines + i64::from(tally.failed_lines)),
            user_imports::errors_not_kept.eq(user_imports::errors_not_kept + i64::from(errors_not_kept)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends the import, with a reason if it failed. The caller has removed it from the queue.
pub fn finish(
    conn: &mut Conn,
    account: AccountId,
    id: UserImportId,
    status: ImportStatus,
    failure: Option<&str>,
    now: Time,
) -> Result<()> {
    diesel::update(user_imports::table.find((SqlId::from(account), SqlId::from(id))))
        .set((
            user_imports::status.eq(status.as_str()),
            user_imports::failure.eq(failure),
            user_imports::finished_at.eq(SqlTime(now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes an import whose file is still being uploaded, with what has arrived of it.
pub fn delete_receiving(conn: &mut Conn, account: AccountId, id: UserImportId) -> Result<()> {
    let import = user_imports::table.find((SqlId::from(account), SqlId::from(id)));
    diesel::delete(import.filter(user_imports::status.eq(ImportStatus::Receiving.as_str()))).execute(conn)?;
    Ok(())
}

/// Up to `limit` imports that ended before `finished_before`, or whose upload began before `begun_before` and never
/// completed.
pub fn over(
    conn: &mut Conn,
    finished_before: Time,
    begun_before: Time,
    limit: i64,
) -> Result<Vec<(AccountId, UserImportId)>> {
    let never_came = user_imports::status
        .eq(ImportStatus::Receiving.as_str())
        .and(user_imports::created_at.lt(SqlTime(begun_before)));
    let found = user_imports::table
        .filter(user_imports::finished_at.lt(SqlTime(finished_before)).or(never_came))
        .select((user_imports::account_id, user_imports::id))
        .limit(limit)
        .load::<(SqlId<entity::Account>, SqlId<entity::UserImport>)>(conn)?;
    Ok(found.into_iter().map(|(account, id)| (account.into(), id.into())).collect())
}

/// Deletes an import that has ended or is still being uploaded, with what is left of it; returns whether it existed.
pub fn delete_over(conn: &mut Conn, account: AccountId, id: UserImportId) -> Result<bool> {
    let import = user_imports::table.find((SqlId::from(account), SqlId::from(id)));
    let over = user_imports::status.eq(ImportStatus::Receiving.as_str()).or(user_imports::finished_at.is_not_null());
    Ok(diesel::delete(import.filter(over)).execute(conn)? == 1)
}

/// Deletes files of the account whose upload began before `begun_before` and never completed.
pub fn purge_broken_off(conn: &mut Conn, account: AccountId, begun_before: Time) -> Result<()> {
    let broken_off = user_imports::table
        .filter(user_imports::account_id.eq(SqlId::from(account)))
        .filter(user_imports::status.eq(ImportStatus::Receiving.as_str()))
        .filter(user_imports::created_at.lt(SqlTime(begun_before)));
    diesel::delete(broken_off).execute(conn)?;
    Ok(())
}
