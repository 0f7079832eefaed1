//! The users of bulk jobs, and the outcome for each.

use diesel::prelude::*;
use kernel::{AccountId, BulkJobId, Time, UserId, entity};

use crate::{
    Conn, Result, StoreError,
    schema::{bulk_job_users, bulk_jobs},
    sql_types::{SqlId, SqlTime},
    tables::inconsistent,
};

/// Rows of one insert on PostgreSQL, whose statements take at most 65,535 parameters.
const ROWS_PER_INSERT: usize = 10_000;

/// The outcome for a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not processed yet.
    Waiting,
    /// It was done.
    Succeeded,
    /// There was nothing to do.
    Unchanged,
    /// It could not be done.
    Failed,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Waiting, Self::Succeeded, Self::Unchanged, Self::Failed];

    /// The name in the API and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Succeeded => "succeeded",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }
}

/// A user, and the outcome.
#[derive(Clone, Debug)]
pub struct MemberOutcome {
    /// The user, who may no longer exist.
    pub user: UserId,
    /// The outcome.
    pub outcome: Outcome,
    /// The name of the user at that time.
    pub username: Option<String>,
    /// If it failed: the code for programs.
    pub code: Option<String>,
    /// If it failed: the message for people.
    pub message: Option<String>,
    /// The activation code that was created for the user, sealed.
    pub sealed_activation: Option<Vec<u8>>,
}

#[derive(Insertable, Clone, Copy)]
#[diesel(table_name = bulk_job_users)]
struct NewRow {
    account_id: SqlId<entity::Account>,
    job_id: SqlId<entity::BulkJob>,
    member: SqlId<entity::User>,
    outcome: &'static str,
}

/// Adds users to the job who are not in it yet.
pub fn insert(conn: &mut Conn, account: AccountId, job: BulkJobId, users: &[UserId]) -> Result<()> {
    let row = |user: &UserId| NewRow {
        account_id: account.into(),
        job_id: job.into(),
        member: (*user).into(),
        outcome: Outcome::Waiting.as_str(),
    };
    match conn {
        // SQLite runs in this process: one statement per row is cheap.
        Conn::Sqlite(conn) => {
            for user in users {
                diesel::insert_into(bulk_job_users::table).values(row(user)).execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            for users in users.chunks(ROWS_PER_INSERT) {
                let rows: Vec<NewRow> = users.iter().map(row).collect();
                diesel::insert_into(bulk_job_users::table).values(rows).execute(conn)?;
            }
        }
    }
    Ok(())
}

/// The last user of the job in the order of ids.
pub fn last(conn: &mut Conn, account: AccountId, job: BulkJobId) -> Result<Option<UserId>> {
    let found = bulk_job_users::table
        .filter(bulk_job_users::account_id.eq(SqlId::from(account)))
        .filter(bulk_job_users::job_id.eq(SqlId::from(job)))
        .select(bulk_job_users::member)
        .order(bulk_job_users::member.desc())
        .first::<SqlId<entity::User>>(conn)
        .optional()?;
    Ok(found.map(UserId::from))
}

/// How many users the job has.
pub fn count(conn: &mut Conn, account: AccountId, job: BulkJobId) -> Result<u32> {
    let all = bulk_job_users::table
        .filter(bulk_job_users::account_id.eq(SqlId::from(account)))
        .filter(bulk_job_users::job_id.eq(SqlId::from(job)));
    let count: i64 = all.count().get_result(conn)?;
    u32::try_from(count).map_err(|_| inconsistent("bulk_job_users", "job_id", job))
}

/// How many users of the job failed with one of these codes.
pub fn count_codes(conn: &mut Conn, account: AccountId, job: BulkJobId, codes: &[&str]) -> Result<u32> {
    let failed = bulk_job_users::table
        .filter(bulk_job_users::account_id.eq(SqlId::from(account)))
        .filter(bulk_job_users::job_id.eq(SqlId::from(job)))
        .filter(bulk_job_users::outcome.eq(Outcome::Failed.as_str()))
        .filter(bulk_job_users::code.eq_any(codes.iter().copied()));
    let count: i64 = failed.count().get_result(conn)?;
    u32::try_from(count).map_err(|_| inconsistent("bulk_job_users", "job_id", job))
}

/// Up to `limit` unprocessed users after `after`, in the order of ids.
pub fn waiting(
    conn: &mut Conn,
    account: AccountId,
    job: BulkJobId,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<UserId>> {
    let mut query = bulk_job_users::table
        .filter(bulk_job_users::account_id.eq(SqlId::from(account)))
        .filter(bulk_job_users::job_id.eq(SqlId::from(job)))
        .filter(bulk_job_users::outcome.eq(Outcome::Waiting.as_str()))
        .select(bulk_job_users::member)
        .order(bulk_job_users::member)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(bulk_job_users::member.gt(SqlId::from(after)));
    }
    Ok(query.load::<SqlId<entity::User>>(conn)?.into_iter().map(UserId::from).collect())
}

/// Records the outcome for an unprocessed user; returns whether the user was unprocessed.
pub fn set_outcome(conn: &mut Conn, account: AccountId, job: BulkJobId, became: &MemberOutcome) -> Result<bool> {
    let member = bulk_job_users::table.find((SqlId::from(account), SqlId::from(job), SqlId::from(became.user)));
    let changed = diesel::update(member.filter(bulk_job_users::outcome.eq(Outcome::Waiting.as_str())))
        .set((
            bulk_job_users::outcome.eq(became.outcome.as_str()),
            bulk_job_users::username.eq(&became.username),
            bulk_job_users::code.eq(&became.code),
            bulk_job_users::message.eq(&became.message),
            bulk_job_users::sealed_activation.eq(&became.sealed_activation),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = bulk_job_users)]
struct Row {
    member: SqlId<entity::User>,
    outcome: String,
    username: Option<String>,
    code: Option<String>,
    message: Option<String>,
    sealed_activation: Option<Vec<u8>>,
}

impl TryFrom<Row> for MemberOutcome {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let user = UserId::from(row.member);
        let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == row.outcome);
        Ok(Self {
            user,
            outcome: outcome.ok_or_else(|| inconsistent("bulk_job_users", "outcome", user))?,
            username: row.username,
            code: row.code,
            message: row.message,
            sealed_activation: row.sealed_activation,
        })
    }
}

/// Up to `limit` users of the job after `after`, in the order of ids; only those with this `outcome`, if given.
pub fn page(
    conn: &mut Conn,
    account: AccountId,
    job: BulkJobId,
    outcome: Option<Outcome>,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<MemberOutcome>> {
    let mut query = bulk_job_users::table
        .filter(bulk_job_users::account_id.eq(SqlId::from(account)))
        .filter(bulk_job_users::job_id.eq(SqlId::from(job)))
        .select(Row::as_select())
        .order(bulk_job_users::member)
        .limit(limit)
        .into_boxed();
    if let Some(outcome) = outcome {
        query = query.filter(bulk_job_users::outcome.eq(outcome.as_str()));
    }
    if let Some(after) = after {
        query = query.filter(bulk_job_users::member.gt(SqlId::from(after)));
    }
    query.load(conn)?.into_iter().map(MemberOutcome::try_from).collect()
}

/// Up to `limit` users of the job whose activation code has not been fetched yet, in the order of ids.
pub fn with_activation(conn: &mut Conn, account: AccountId, job: BulkJobId, limit: i64) -> Result<Vec<MemberOutcome>> {
    let rows = bulk_job_users::table
        .filter(bulk_job_users::account_id.eq(SqlId::from(account)))
        .filter(bulk_job_users::job_id.eq(SqlId::from(job)))
        .filter(bulk_job_users::sealed_activation.is_not_null())
        .select(Row::as_select())
        .order(bulk_job_users::member)
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(MemberOutcome::try_from).collect()
}

/// Deletes the activation codes of these users.
pub fn forget_activations(conn: &mut Conn, account: AccountId, job: BulkJobId, users: &[UserId]) -> Result<()> {
    diesel::update(
        bulk_job_users::table
            .filter(bulk_job_users::account_id.eq(SqlId::from(account)))
            .filter(bulk_job_users::job_id.eq(SqlId::from(job)))
            .filter(bulk_job_users::member.eq_any(users.iter().map(|user| SqlId::from(*user)))),
    )
    .set(bulk_job_users::sealed_activation.eq(None::<Vec<u8>>))
    .execute(conn)?;
    Ok(())
}

/// A job that ended before `then` and has activation codes that were not fetched.
pub fn stale_activations(conn: &mut Conn, then: Time) -> Result<Option<(AccountId, BulkJobId)>> {
    let job = bulk_jobs::account_id.eq(bulk_job_users::account_id).and(bulk_jobs::id.eq(bulk_job_users::job_id));
    let found = bulk_job_users::table
        .inner_join(bulk_jobs::table.on(job))
        .filter(bulk_job_users::sealed_activation.is_not_null())
        .filter(bulk_jobs::finished_at.lt(SqlTime(then)))
        .select((bulk_job_users::account_id, bulk_job_users::job_id))
        .first::<(SqlId<entity::Account>, SqlId<entity::BulkJob>)>(conn)
        .optional()?;
    Ok(found.map(|(account, job)| (account.into(), job.into())))
}

/// Deletes up to `limit` users of the job; returns how many.
pub fn delete_some(conn: &mut Conn, account: AccountId, job: BulkJobId, limit: i64) -> Result<usize> {
    let some = bulk_job_users::table
        .filter(bulk_job_users::account_id.eq(SqlId::from(account)))
        .filter(bulk_job_users::job_id.eq(SqlId::from(job)))
        .select(bulk_job_users::member)
        .order(bulk_job_users::member)
        .limit(limit)
        .load::<SqlId<entity::User>>(conn)?;
    let Some(last) = some.last() else { return Ok(0) };
    let deleted = diesel::delete(
        bulk_job_users::table
            .filter(bulk_job_users::account_id.eq(SqlId::from(account)))
            .filter(bulk_job_users::job_id.eq(SqlId::from(job)))
            .filter(bulk_job_users::member.le(*last)),
    );
    Ok(deleted.execute(conn)?)
}
