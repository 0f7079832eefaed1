//! Bulk jobs over many users, and the progress of each.

use diesel::prelude::*;
use kernel::{AccountId, BulkJobId, Time, entity};

use crate::{
    Conn, Result, StoreError,
    schema::bulk_jobs,
    sql_types::{SqlId, SqlTime},
    tables::inconsistent,
};

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobStatus {
    /// Not begun.
    Queued,
    /// A node works on it, or did until it stopped.
    Running,
    /// Every user was processed.
    Finished,
    /// Stopped by a caller; what was done before stays.
    Cancelled,
    /// It was given up; what was done before stays.
    Failed,
}

impl JobStatus {
    const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Finished, Self::Cancelled, Self::Failed];

    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// Whether there may be more to do.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Queued | Self::Running => true,
            Self::Finished | Self::Cancelled | Self::Failed => false,
        }
    }
}

/// The names of the open states.
const OPEN: [&str; 2] = [JobStatus::Queued.as_str(), JobStatus::Running.as_str()];

/// The outcomes so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobTally {
    /// Users for whom it was done.
    pub succeeded: u32,
    /// For whom there was nothing to do.
    pub unchanged: u32,
    /// Users for whom it could not be done.
    pub failed: u32,
}

impl JobTally {
    /// How many were processed.
    pub const fn done(self) -> u32 {
        self.succeeded.saturating_add(self.unchanged).saturating_add(self.failed)
    }
}

/// A job.
#[derive(Clone, Debug)]
pub struct BulkJob {
    /// The account of its users.
    pub account_id: AccountId,
    /// The id of the job.
    pub id: BulkJobId,
    /// The caller on whose behalf it runs, who may no longer exist: JSON.
    pub creator: String,
    /// The name of the action.
    pub action: String,
    /// The parameters of the action and the users: JSON.
    pub parameters: String,
    /// The state.
    pub status: JobStatus,
    /// Why it failed.
    pub failure: Option<String>,
    /// How many users it has; `None`: they are still being collected.
    pub total: Option<u32>,
    /// The outcomes so far.
    pub tally: JobTally,
    /// When it was created.
    pub created_at: Time,
    /// When work on it began.
    pub started_at: Option<Time>,
    /// When it ended, in whatever way.
    pub finished_at: Option<Time>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = bulk_jobs)]
struct Row {
    account_id: SqlId<entity::Account>,
    id: SqlId<entity::BulkJob>,
    creator: String,
    action: String,
    parameters: String,
    status: String,
    failure: Option<String>,
    total: Option<i64>,
    succeeded: i64,
    unchanged: i64,
    failed: i64,
    created_at: SqlTime,
    started_at: Option<SqlTime>,
    finished_at: Option<SqlTime>,
}

impl TryFrom<Row> for BulkJob {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let id = BulkJobId::from(row.id);
        let status = JobStatus::ALL.into_iter().find(|status| status.as_str() == row.status);
        let count = |count: i64| u32::try_from(count).map_err(|_| inconsistent("bulk_jobs", "total", id));
        Ok(Self {
            account_id: row.account_id.into(),
            id,
            creator: row.creator,
            action: row.action,
            parameters: row.parameters,
            status: status.ok_or_else(|| inconsistent("bulk_jobs", "status", id))?,
            failure: row.failure,
            total: row.total.map(count).transpose()?,
            tally: JobTally {
                succeeded: count(row.succeeded)?,
                unchanged: count(row.unchanged)?,
                failed: count(row.failed)?,
            },
            created_at: row.created_at.into(),
            started_at: row.started_at.map(Time::from),
            finished_at: row.finished_at.map(Time::from),
        })
    }
}

/// Adds a job.
pub fn insert(conn: &mut Conn, job: &BulkJob) -> Result<()> {
    let row = Row {
        account_id: job.account_id.into(),
        id: job.id.into(),
        creator: job.creator.clone(),
        action: job.action.clone(),
        parameters: job.parameters.clone(),
        status: job.status.as_str().to_owned(),
        failure: job.failure.clone(),
        total: job.total.map(i64::from),
        succeeded: job.tally.succeeded.into(),
        unchanged: job.tally.unchanged.into(),
        failed: job.tally.failed.into(),
        created_at: job.created_at.into(),
        started_at: job.started_at.map(SqlTime::from),
        finished_at: job.finished_at.map(SqlTime::from),
    };
    diesel::insert_into(bulk_jobs::table).values(row).execute(conn)?;
    Ok(())
}

/// The job with this id in this account.
pub fn by_id(conn: &mut Conn, account: AccountId, id: BulkJobId) -> Result<Option<BulkJob>> {
    let row = bulk_jobs::table
        .find((SqlId::from(account), SqlId::from(id)))
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(BulkJob::try_from).transpose()
}

/// Up to `limit` jobs of the account created before the one with the id `before`, newest first.
pub fn page(conn: &mut Conn, account: AccountId, before: Option<BulkJobId>, limit: i64) -> Result<Vec<BulkJob>> {
    let mut query = bulk_jobs::table
        .filter(bulk_jobs::account_id.eq(SqlId::from(account)))
        .select(Row::as_select())
        .order(bulk_jobs::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(bulk_jobs::id.lt(SqlId::from(before)));
    }
    query.load(conn)?.into_iter().map(BulkJob::try_from).collect()
}

/// How many jobs of the account are queued or running.
pub fn count_open(conn: &mut Conn, account: AccountId) -> Result<i64> {
    let open =
        bulk_jobs::table.filter(bulk_jobs::account_id.eq(SqlId::from(account))).filter(bulk_jobs::status.eq_any(OPEN));
    Ok(open.count().get_result(conn)?)
}

/// The oldest open job of the account.
pub fn first_open(conn: &mut Conn, account: AccountId) -> Result<Option<BulkJob>> {
    let row = bulk_jobs::table
        .filter(bulk_jobs::account_id.eq(SqlId::from(account)))
        .filter(bulk_jobs::status.eq_any(OPEN))
        .select(Row::as_select())
        .order(bulk_jobs::id)
        .first(conn)
        .optional()?;
    row.map(BulkJob::try_from).transpose()
}

/// Records that work begins; returns whether it had not begun, and the job has not been stopped.
pub fn begin(conn: &mut Conn, account: AccountId, id: BulkJobId, now: Time) -> Result<bool> {
    let job = bulk_jobs::table.find((SqlId::from(account), SqlId::from(id)));
    let changed = diesel::update(job.filter(bulk_jobs::status.eq(JobStatus::Queued.as_str())))
        .set((bulk_jobs::status.eq(JobStatus::Running.as_str()), bulk_jobs::started_at.eq(SqlTime(now))))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Makes everyone who wants to end the job wait until the transaction ends; returns whether it is running.
pub fn hold(conn: &mut Conn, account: AccountId, id: BulkJobId) -> Result<bool> {
    let running = JobStatus::Running.as_str();
    let job = bulk_jobs::table.find((SqlId::from(account), SqlId::from(id)));
    let changed = diesel::update(job.filter(bulk_jobs::status.eq(running))).set(bulk_jobs::status.eq(running));
    Ok(changed.execute(conn)? == 1)
}

/// Records that all users have been collected, and how many they are.
pub fn set_total(conn: &mut Conn, account: AccountId, id: BulkJobId, total: u32) -> Result<()> {
    diesel::update(bulk_jobs::table.find((SqlId::from(account), SqlId::from(id))))
        .set(bulk_jobs::total.eq(i64::from(total)))
        .execute(conn)?;
    Ok(())
}

/// Counts the outcomes for some users. The caller holds the job.
pub fn count(conn: &mut Conn, account: AccountId, id: BulkJobId, tally: JobTally) -> Result<()> {
    diesel::update(bulk_jobs::table.find((SqlId::from(account), SqlId::from(id))))
        .set((
            bulk_jobs::succeeded.eq(bulk_jobs::succeeded + i64::from(tally.succeeded)),
            bulk_jobs::unchanged.eq(bulk_jobs::unchanged + i64::from(tally.unchanged)),
            bulk_jobs::failed.eq(bulk_jobs::failed + i64::from(tally.failed)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends the job with this status if it is open; returns whether it was.
pub fn end(
    conn: &mut Conn,
    account: AccountId,
    id: BulkJobId,
    status: JobStatus,
    failure: Option<&str>,
    now: Time,
) -> Result<bool> {
    let job = bulk_jobs::table.find((SqlId::from(account), SqlId::from(id)));
    let changed = diesel::update(job.filter(bulk_jobs::status.eq_any(OPEN)))
        .set((
            bulk_jobs::status.eq(status.as_str()),
            bulk_jobs::failure.eq(failure),
            bulk_jobs::finished_at.eq(SqlTime(now)),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// The job that ended first among those that ended before `then`.
pub fn first_ended_before(conn: &mut Conn, then: Time) -> Result<Option<(AccountId, BulkJobId)>> {
    let found = bulk_jobs::table
        .filter(bulk_jobs::finished_at.lt(SqlTime(then)))
        .select((bulk_jobs::account_id, bulk_jobs::id))
        .order(bulk_jobs::finished_at)
        .first::<(SqlId<entity::Account>, SqlId<entity::BulkJob>)>(conn)
        .optional()?;
    Ok(found.map(|(account, id)| (account.into(), id.into())))
}

/// Deletes the job with everything that belongs to it.
pub fn delete(conn: &mut Conn, account: AccountId, id: BulkJobId) -> Result<()> {
    diesel::delete(bulk_jobs::table.find((SqlId::from(account), SqlId::from(id)))).execute(conn)?;
    Ok(())
}
