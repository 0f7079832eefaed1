//! Processes the jobs of one account after the other.
//!
//! A turn is an account's: its steps begin a job, collect some of its users or process a batch of them, and go on to
//! the next job. What is given up is only the next user, or a job whose users cannot be collected.

use kernel::{AccountId, BulkJobId, Time, UserId};
use store::{
    Conn,
    tables::{
        base::lease::{Lease, Waiting},
        jobs::{
            bulk_job_users,
            bulk_jobs::{self, BulkJob, JobStatus},
            bulk_queues,
        },
    },
};

use super::{
    act::{Batch, REFUSED, USERS},
    collect::Collecting,
    creator::Creator,
    read::find,
    start::{Parameters, event},
};
use crate::{
    base::{
        audit::{Action, Outcome},
        error::{Error, Result},
        service::Service,
        tx::Tx,
    },
    jobs::worker::{Attempts, LEASES, SERVICE_FAILED, Step, Worker, run, take_turn},
};

/// Why a job failed when its users could not be collected.
const NOT_COLLECTED: &str = "the database repeatedly failed, or did not find the users of the filter in time";

/// What to do next for a job.
enum Next {
    Begin,
    /// After this user.
    Collect(Option<UserId>),
    Act,
}

/// The worker.
struct BulkJobs<'a>(&'a Service);

/// An account's turn.
struct Turn {
    account: AccountId,
    holder: [u8; 16],
    /// The job that the last step worked on.
    job: Option<BulkJobId>,
    /// The last user of this job that was processed. Only speeds up the search: the rows say who waits.
    place: Option<(BulkJobId, UserId)>,
    /// How many users are processed at a time.
    users: usize,
}

impl Service {
    /// Works on bulk jobs as they come, those of two accounts at a time, so that an account whose job keeps the
    /// database busy does not make all others wait; never returns. Any number of nodes may run it.
    pub async fn run_bulk_job_worker(&self) {
        let one = || run(&self.core.bulk_job_came, BulkJobs::KIND, async || self.take_bulk_job_turn().await);
        tokio::join!(one(), one());
    }

    /// Continues the jobs of the account whose last turn was longest ago; returns whether there was one. Also continues
    /// what a stopped node has begun. When the database cannot keep up, the jobs of this account wait until its lease
    /// ends.
    ///
    /// # Errors
    /// When the database cannot even say whose turn it is.
    pub async fn take_bulk_job_turn(&self) -> Result<bool> {
        take_turn(&mut BulkJobs(self), self.core.now()).await
    }
}

impl Worker for BulkJobs<'_> {
    const KIND: &'static str = "a bulk job";
    const ATTEMPTS: Attempts = LEASES;
    const STEPS: u32 = 20;
    type Key = AccountId;
    type Turn = Turn;

    async fn next(&mut self, now: Time) -> Result<Option<Waiting<AccountId>>> {
        let clock = LEASES.clock(now);
        self.0.store.read(move |conn| Ok::<_, Error>(bulk_queues::next_free(conn, clock)?)).await
    }

    async fn take(&mut self, waiting: Waiting<AccountId>, now: Time) -> Result<Option<Turn>> {
        let (lease, clock) = (LEASES.lease(now, waiting.attempts), LEASES.clock(now));
        let taken =
            self.0.store.write(move |conn| Ok::<_, Error>(bulk_queues::take_lease(conn, waiting, lease, clock)?));
        let turn = Turn { account: waiting.key, holder: lease.holder, job: None, place: None, users: USERS };
        Ok(taken.await?.then_some(turn))
    }

    async fn give_up(&mut self, waiting: Waiting<AccountId>, now: Time) -> Result<Option<Turn>> {
        let Some(turn) = self.take(waiting, now).await? else { return Ok(None) };
        let step = match self.next_of(&turn).await? {
            None | Some((_, Next::Begin)) => Step::Went,
            Some((job, Next::Collect(_))) => {
                tracing::error!(job_id = %job.id, "the users of a bulk job could not be collected");
                self.end_job(&turn, job.id, JobStatus::Failed, Some(NOT_COLLECTED)).await?
            }
            Some((job, Next::Act)) => {
                tracing::error!(job_id = %job.id, "the next user of a bulk job could not be processed");
                let lease = self.renewed(&turn);
                let batch = Batch::new(&job, None, 1)?;
                self.0.store.write(move |conn| batch.give_up(conn, lease)).await?
            }
        };
        Ok((step == Step::Went).then_some(turn))
    }

    async fn step(&mut self, turn: &mut Turn) -> Result<Step> {
        turn.job = None;
        let Some((job, next)) = self.next_of(turn).await? else {
            self.end_turn(turn).await?;
            return Ok(Step::Over);
        };
        turn.job = Some(job.id);
        match next {
            Next::Begin => {
                let (account, lease) = (turn.account, self.renewed(turn));
                self.0.transact(move |tx| begin(tx, account, job.id, lease)).await
            }
            Next::Collect(after) => {
                let lease = self.renewed(turn);
                let query = Parameters::of(&job)?.filter;
                let query = query.ok_or_else(|| Error::Internal(format!("bulk job {} has no users", job.id)))?;
                let from = Collecting { account: job.account_id, query, as_of: job.created_at, after };
                self.0.collect_some(job.id, from, lease).await
            }
            Next::Act => self.act_next(turn, &job).await,
        }
    }

    /// Ends the job. When not even that could be read, the lease stays.
    async fn fail(&mut self, turn: &mut Turn) -> Result<Step> {
        match turn.job {
            Some(job) => self.end_job(turn, job, JobStatus::Failed, Some(SERVICE_FAILED)).await,
            None => Ok(Step::Over),
        }
    }

    async fn end_turn(&mut self, turn: &mut Turn) -> Result<()> {
        let (account, lease) = (turn.account, self.renewed(turn));
        self.0
            .store
            .write(move |conn| {
                if bulk_queues::renew_lease(conn, account, lease)? {
                    // Checked under the lock of the row: whoever adds a job waits for this, or has added it before.
                    let waiting = bulk_jobs::first_open(conn, account)?.is_some();
                    bulk_queues::end_turn(conn, account, waiting)?;
                }
                Ok(())
            })
            .await
    }

    fn id(turn: &Turn) -> String {
        turn.job.map_or_else(|| turn.account.to_string(), |job| job.to_string())
    }
}

impl BulkJobs<'_> {
    fn renewed(&self, turn: &Turn) -> Lease {
        LEASES.renewed(turn.holder, self.0.core.now())
    }

    /// The account's first job, and what to do next for it.
    async fn next_of(&self, turn: &Turn) -> Result<Option<(BulkJob, Next)>> {
        let account = turn.account;
        self.0.store.read(move |conn| next(conn, account)).await
    }

    async fn act_next(&self, turn: &mut Turn, job: &BulkJob) -> Result<Step> {
        let after = turn.place.filter(|(id, _)| *id == job.id).map(|(_, user)| user);
        let holder = turn.holder;
        let act = async |users| {
            let lease = LEASES.renewed(holder, self.0.core.now());
            let batch = Batch::new(job, after, users)?;
            let sends_mail = batch.sends_mail();
            let acted = self.0.transact(move |tx| batch.act(tx, lease)).await;
            if sends_mail {
                self.0.core.mail_came.notify_one();
            }
            acted
        };
        let mut acted = act(turn.users).await;
        if turn.users > 1 && matches!(acted, Err(Error::DatabaseUnavailable)) {
            // So that a failure affects only the user who causes it, if any does, and not the others in the batch.
            turn.users = 1;
            acted = act(turn.users).await;
        }
        let acted = acted?;
        turn.place = acted.until.map(|user| (job.id, user));
        match acted.over {
            // Users before this place may still wait: the job's creator comes last.
            Some(_) if after.is_some() => Ok(Step::Went),
            Some((status, why)) => self.end_job(turn, job.id, status, why).await,
            None => Ok(acted.step),
        }
    }

    /// Ends the job, unless it has ended.
    async fn end_job(
        &self,
        turn: &Turn,
        job: BulkJobId,
        status: JobStatus,
        failure: Option<&'static str>,
    ) -> Result<Step> {
        let (account, lease) = (turn.account, self.renewed(turn));
        // Counted before the transaction, since no other node processes the job, and there may be many.
        let refused = self
            .0
            .store
            .read(move |conn| Ok::<_, Error>(bulk_job_users::count_codes(conn, account, job, &REFUSED)?))
            .await?;
        self.0
            .transact(move |tx| {
                if !bulk_queues::renew_lease(tx.conn, account, lease)? {
                    return Ok(Step::Over);
                }
                if bulk_jobs::end(tx.conn, account, job, status, failure, tx.now)? {
                    let ended = find(tx.conn, account, job)?;
                    let actor = Creator::of(&ended)?.actor()?;
                    let tally = ended.tally;
                    let event = event(&actor, Action::BulkJobFinished, &ended)?
                        .with("status", ended.status.as_str())
                        .with("succeeded", tally.succeeded)
                        .with("unchanged", tally.unchanged)
                        .with("failed", tally.failed)
                        .with("refused", refused);
                    let event = match failure {
                        Some(why) => event.ending_in(Outcome::Failure).with("failure", why),
                        None => event,
                    };
                    tx.record(ended.account_id, event);
                }
                Ok(Step::Went)
            })
            .await
    }
}

fn next(conn: &mut Conn, account: AccountId) -> Result<Option<(BulkJob, Next)>> {
    let Some(job) = bulk_jobs::first_open(conn, account)? else { return Ok(None) };
    let next = match (job.status, job.total) {
        (JobStatus::Queued, _) => Next::Begin,
        (_, None) => Next::Collect(bulk_job_users::last(conn, account, job.id)?),
        (_, Some(_)) => Next::Act,
    };
    Ok(Some((job, next)))
}

fn begin(tx: &mut Tx<'_>, account: AccountId, job: BulkJobId, lease: Lease) -> Result<Step> {
    if !bulk_queues::renew_lease(tx.conn, account, lease)? {
        return Ok(Step::Over);
    }
    bulk_jobs::begin(tx.conn, account, job, tx.now)?;
    Ok(Step::Went)
}
