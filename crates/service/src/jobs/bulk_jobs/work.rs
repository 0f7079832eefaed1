//! The worker: processes the jobs of one account after the other.

use kernel::{AccountId, BulkJobId, UserId};
use store::{
    Conn,
    tables::{
        base::lease::Lease,
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
    turn::{Turn, TurnStep},
};
use crate::base::{
    audit::{Action, Outcome},
    background::{MAX_ATTEMPTS, lease_clock, new_lease, passes, renewed, work},
    error::{Error, Result},
    service::Service,
    tx::Tx,
};

/// Steps for one account before the next one has its turn.
const STEPS_OF_A_TURN: u32 = 20;

/// Why a job failed when its users could not be collected.
const NOT_COLLECTED: &str = "the database repeatedly failed, or did not find the users of the filter in time";

/// What to do next.
enum Next {
    Nothing,
    Begin(BulkJob),
    Collect(BulkJob, Option<UserId>),
    Act(BulkJob),
}

impl Service {
    /// Works on bulk jobs as they come, those of two accounts at a time, so that an account whose job keeps the
    /// database busy does not make all others wait; never returns. Any number of nodes may run it.
    pub async fn run_bulk_job_worker(&self) {
        let one = async || work(&self.core.bulk_job_came, "a bulk job", async || self.take_bulk_job_turn().await).await;
        tokio::join!(one(), one());
    }

    /// Continues the jobs of the account whose last turn was longest ago; returns whether there was one. Also continues
    /// what a stopped node has begun. When the database cannot keep up, the jobs of this account wait until its lease
    /// ends.
    ///
    /// # Errors
    /// When the database cannot even say whose turn it is.
    pub async fn take_bulk_job_turn(&self) -> Result<bool> {
        let now = self.core.now();
        let clock = lease_clock(now);
        let Some(waiting) = self.store.read(move |conn| Ok::<_, Error>(bulk_queues::next_free(conn, clock)?)).await?
        else {
            return Ok(false);
        };
        let lease = new_lease(now, waiting.attempts);
        let taken = self.store.write(move |conn| Ok::<_, Error>(bulk_queues::take_lease(conn, waiting, lease, clock)?));
        if taken.await? {
            let turn = Turn { account: waiting.account_id, holder: lease.holder, place: None, users: USERS };
            if let Err(error) = self.steps_of_turn(turn, waiting.attempts).await {
                // The lease stays: nobody tries again before it ends, and this node turns to other accounts.
                tracing::warn!(%error, account = %waiting.account_id, "the bulk jobs of an account are delayed");
            }
        }
        Ok(true)
    }

    async fn steps_of_turn(&self, mut turn: Turn, attempts: u32) -> Result<TurnStep> {
        if attempts >= MAX_ATTEMPTS
            && let over @ (TurnStep::Idle | TurnStep::Lost) = self.give_up_next(&turn).await?
        {
            return Ok(over);
        }
        for _ in 0..STEPS_OF_A_TURN {
            match self.step_of_turn(&mut turn).await? {
                TurnStep::Went => {}
                over @ (TurnStep::Idle | TurnStep::Lost) => return Ok(over),
            }
        }
        self.end_turn(&turn).await
    }

    /// Gives up what was attempted too often: a job whose users could not be collected, or the next user.
    async fn give_up_next(&self, turn: &Turn) -> Result<TurnStep> {
        let account = turn.account;
        match self.store.read(move |conn| next(conn, account)).await? {
            Next::Nothing | Next::Begin(_) => Ok(TurnStep::Went),
            Next::Collect(job, _) => {
                tracing::error!(job_id = %job.id, "the users of a bulk job could not be collected");
                self.end_job(turn, job, JobStatus::Failed, Some(NOT_COLLECTED)).await
            }
            Next::Act(job) => {
                tracing::error!(job_id = %job.id, "the next user of a bulk job could not be processed");
                let lease = renewed(turn.holder, self.core.now());
                let batch = Batch::new(&job, None, 1)?;
                self.store.write(move |conn| batch.give_up(conn, lease)).await
            }
        }
    }

    async fn step_of_turn(&self, turn: &mut Turn) -> Result<TurnStep> {
        let account = turn.account;
        let next = self.store.read(move |conn| next(conn, account)).await?;
        let (job, step) = match next {
            Next::Nothing => return self.end_turn(turn).await,
            Next::Begin(job) => {
                let (id, lease) = (job.id, renewed(turn.holder, self.core.now()));
                let begun = self.transact(move |tx| begin(tx, account, id, lease)).await;
                (job, begun)
            }
            Next::Collect(job, after) => {
                let collected = self.collect(&job, after, renewed(turn.holder, self.core.now())).await;
                (job, collected)
            }
            Next::Act(job) => {
                let acted = self.act_next(turn, &job).await;
                (job, acted)
            }
        };
        match step {
            Err(error) if passes(&error) => Err(error),
            Err(error) => {
                tracing::error!(%error, job_id = %job.id, "a bulk job failed");
                let why = "the service failed; its log has the reason";
                self.end_job(turn, job, JobStatus::Failed, Some(why)).await
            }
            Ok(step) => Ok(step),
        }
    }

    async fn collect(&self, job: &BulkJob, after: Option<UserId>, lease: Lease) -> Result<TurnStep> {
        let query = Parameters::of(job)?.filter;
        let query = query.ok_or_else(|| Error::Internal(format!("bulk job {} has no users", job.id)))?;
        let from = Collecting { account: job.account_id, query, as_of: job.created_at, after };
        self.collect_some(job.id, from, lease).await
    }

    async fn act_next(&self, turn: &mut Turn, job: &BulkJob) -> Result<TurnStep> {
        let after = turn.place.filter(|(id, _)| *id == job.id).map(|(_, user)| user);
        let act = async |users| {
            let lease = renewed(turn.holder, self.core.now());
            let batch = Batch::new(job, after, users)?;
            let sends_mail = batch.sends_mail();
            let acted = self.transact(move |tx| batch.act(tx, lease)).await;
            if sends_mail {
                self.core.mail_came.notify_one();
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
            Some(_) if after.is_some() => Ok(TurnStep::Went),
            Some((status, why)) => self.end_job(turn, job.clone(), status, why).await,
            None => Ok(acted.step),
        }
    }

    /// Ends the job, unless it has ended.
    async fn end_job(
        &self,
        turn: &Turn,
        job: BulkJob,
        status: JobStatus,
        failure: Option<&'static str>,
    ) -> Result<TurnStep> {
        let lease = renewed(turn.holder, self.core.now());
        // Counted before the transaction, since no other node processes the job, and there may be many.
        let (account, id) = (job.account_id, job.id);
        let refused = self
            .store
            .read(move |conn| Ok::<_, Error>(bulk_job_users::count_codes(conn, account, id, &REFUSED)?))
            .await?;
        self.transact(move |tx| {
            if !bulk_queues::renew_lease(tx.conn, job.account_id, lease)? {
                return Ok(TurnStep::Lost);
            }
            if bulk_jobs::end(tx.conn, job.account_id, job.id, status, failure, tx.now)? {
                let ended = find(tx.conn, job.account_id, job.id)?;
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
            Ok(TurnStep::Went)
        })
        .await
    }

    /// Gives the lease back; returns whether there is more to do.
    async fn end_turn(&self, turn: &Turn) -> Result<TurnStep> {
        let (account, lease) = (turn.account, renewed(turn.holder, self.core.now()));
        self.store
            .write(move |conn| {
                if !bulk_queues::renew_lease(conn, account, lease)? {
                    return Ok(TurnStep::Lost);
                }
                // Checked under the lock of the row: whoever adds a job waits for this, or has added it before.
                let waiting = bulk_jobs::first_open(conn, account)?.is_some();
                bulk_queues::end_turn(conn, account, waiting)?;
                Ok::<_, Error>(TurnStep::Idle)
            })
            .await
    }
}

fn next(conn: &mut Conn, account: AccountId) -> Result<Next> {
    let Some(job) = bulk_jobs::first_open(conn, account)? else { return Ok(Next::Nothing) };
    Ok(match (job.status, job.total) {
        (JobStatus::Queued, _) => Next::Begin(job),
        (_, None) => {
            let last = bulk_job_users::last(conn, account, job.id)?;
            Next::Collect(job, last)
        }
        (_, Some(_)) => Next::Act(job),
    })
}

fn begin(tx: &mut Tx<'_>, account: AccountId, job: BulkJobId, lease: Lease) -> Result<TurnStep> {
    if !bulk_queues::renew_lease(tx.conn, account, lease)? {
        return Ok(TurnStep::Lost);
    }
    bulk_jobs::begin(tx.conn, account, job, tx.now)?;
    Ok(TurnStep::Went)
}
