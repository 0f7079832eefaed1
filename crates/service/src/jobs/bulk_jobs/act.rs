//! Processes a batch of a job's users in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{AccountId, BulkJobId, RoleId, UserId};
use permissions::{GrantRefused, Permission, PermissionSet};
use store::{
    Conn,
    tables::{
        base::lease::Lease,
        directory::{
            accounts, roles, user_permissions, user_roles,
            users::{self, User},
        },
        jobs::{
            bulk_job_users::{self, MemberOutcome, Outcome},
            bulk_jobs::{self, BulkJob, JobStatus, JobTally},
            bulk_queues,
        },
    },
};

use super::{BulkAction, creator::Creator, start::Parameters, take_activations::seal};
use crate::{
    authority::{
        acted_upon::ActedUpon,
        authorize::{Needs, authorize_later},
    },
    base::{
        audit::Journal,
        error::{Error, Result, in_seconds},
        model::{Actor, Credential},
        permission_names::parse_permissions,
        tx::Tx,
    },
    directory::users::{
        Act, Effect, delete, disable, enable, require_password_change, reset_two_factor, revoke_sessions,
        send_activation, set_permissions, set_roles, unlock, way,
    },
    jobs::worker::{LEASES, SERVICE_FAILED, Step},
};

/// Users of one transaction: few enough that a sign-in at the same time hardly waits, and fewer than the 64 savepoints
/// that PostgreSQL caches.
pub(super) const USERS: usize = 50;

/// Users that are read at a time: the next ones, and possibly the user who is responsible for the job.
const FOUND: i64 = 51;

/// Names of roles or permissions in the event of one user. The event of the job's start lists all of them: a hundred
/// long names for each of a hundred thousand users would be gigabytes that are never deleted.
const NAMED: usize = 3;

/// The codes of users for whom the job failed because its creator may not do it to them.
pub(super) const REFUSED: [&str; 2] = ["permission_required", "platform_only"];

/// The next users of a job.
pub(super) struct Batch {
    account: AccountId,
    job: BulkJobId,
    actor: Actor,
    action: BulkAction,
    after: Option<UserId>,
    users: usize,
}

/// The result of a batch.
pub(super) struct Acted {
    pub(super) step: Step,
    /// The last user that was processed, in the order of ids.
    pub(super) until: Option<UserId>,
    /// How the job ends, and why: no user waits after the place where the batch began, or the creator may not act.
    pub(super) over: Option<(JobStatus, Option<&'static str>)>,
}

impl Acted {
    const fn step(step: Step) -> Self {
        Self { step, until: None, over: None }
    }

    const fn over(status: JobStatus, why: Option<&'static str>) -> Self {
        Self { step: Step::Went, until: None, over: Some((status, why)) }
    }
}

impl Batch {
    /// The first `users` (50 at most) of the users of `job` after `after`.
    pub(super) fn new(job: &BulkJob, after: Option<UserId>, users: usize) -> Result<Self> {
        let actor = Creator::of(job)?.actor()?;
        let action = Parameters::of(job)?.action;
        Ok(Self { account: job.account_id, job: job.id, actor, action, after, users })
    }

    /// Whether it sends mails.
    pub(super) const fn sends_mail(&self) -> bool {
        self.action.sends_mail()
    }

    /// Processes the users. Takes the lease first: from then on a node that wants to take over waits for the end. Then
    /// it locks everything that others could lock too, in the usual order: the account, users in the order of their
    /// ids, counters.
    pub(super) fn act(&self, tx: &mut Tx<'_>, lease: Lease) -> Result<Acted> {
        let (account, job) = (self.account, self.job);
        if !bulk_queues::renew_lease(tx.conn, account, lease)? {
            return Ok(Acted::step(Step::Over));
        }
        if !bulk_jobs::hold(tx.conn, account, job)? {
            return Ok(Acted::step(Step::Went));
        }
        let members = self.members(tx.conn)?;
        if members.is_empty() {
            return Ok(Acted::over(JobStatus::Finished, None));
        }
        accounts::lock(tx.conn, account)?;
        // Suspended meanwhile, or being deleted: the jobs wait.
        let Some(account) = accounts::active(tx.conn, account)? else {
            bulk_queues::end_turn(tx.conn, account, true)?;
            return Ok(Acted::step(Step::Over));
        };
        let mut locked = self.lock(tx.conn, &members)?;
        // An API key that has expired during the wait for the locks counts no more.
        tx.now = tx.core.now();
        let needs = Needs::In(account.id, Permission::UserPermissions);
        let answerable = locked.get(&self.actor.answerable());
        let held = match authorize_later(tx, &self.actor, answerable, needs) {
            Ok(held) => held,
            Err(why) => return stop_reason(&self.actor, why).map(|why| Acted::over(JobStatus::Failed, Some(why))),
        };
        if let BulkAction::AssignRoles { role_ids } = &self.action
            && roles::by_ids(tx.conn, account.id, role_ids)?.len() < role_ids.iter().collect::<BTreeSet<_>>().len()
        {
            return Ok(Acted::over(JobStatus::Failed, Some("a role that it assigns has been deleted")));
        }
        let mut held_by = user_permissions::of_users(tx.conn, account.id, &members)?;
        let mut tally = JobTally::default();
        for member in &members {
            let target = locked.remove(&(account.id, *member));
            let username = target.as_ref().map(|user| user.username.clone());
            let holds = held_by.remove(member).unwrap_or_default();
            // A failure undoes what was done to this user, and nothing else.
            let done = tx.apart(|tx| {
                let upon = ActedUpon::new(&self.actor, target.ok_or(Error::NotFound)?, held.clone(), holds)?;
                let (actor, account, upon) = (&self.actor, &account, &upon);
                self.apply_action(&mut Act { tx, actor, account, upon, most_named: NAMED })
            });
            let (done, journal) = match done {
                Ok((done, journal)) => (Ok(done), journal),
                Err(why) => (Err(why), Journal::default()),
            };
            let outcome = member_outcome(*member, username, done)?;
            match outcome.outcome {
                Outcome::Succeeded => tally.succeeded += 1,
                Outcome::Unchanged => tally.unchanged += 1,
                Outcome::Failed | Outcome::Waiting => tally.failed += 1,
            }
            if outcome.outcome == Outcome::Succeeded {
                tx.journal.append(journal.with("bulk_job_id", &job.to_string()));
            }
            if !bulk_job_users::set_outcome(tx.conn, account.id, job, &outcome)? {
                return Err(Error::Internal(format!("user {member} of bulk job {job} was done twice")));
            }
        }
        bulk_jobs::count(tx.conn, account.id, job, tally)?;
        Ok(Acted { step: Step::Went, until: members.last().copied(), over: None })
    }

    /// Marks the next users as failed: nothing was done to them in any of the attempts.
    pub(super) fn give_up(&self, conn: &mut Conn, lease: Lease) -> Result<Step> {
        let (account, job) = (self.account, self.job);
        if !bulk_queues::renew_lease(conn, account, lease)? {
            return Ok(Step::Over);
        }
        if !bulk_jobs::hold(conn, account, job)? {
            return Ok(Step::Went);
        }
        let mut tally = JobTally::default();
        for user in self.members(conn)? {
            let outcome = MemberOutcome {
                user,
                outcome: Outcome::Failed,
                username: users::by_id(conn, account, user)?.map(|user| user.username),
                code: Some("internal_error".to_owned()),
                message: Some(format!(
                    "the service was stopped, or the database failed, {} times while processing this user",
                    LEASES.most
                )),
                sealed_activation: None,
            };
            if bulk_job_users::set_outcome(conn, account, job, &outcome)? {
                tally.failed += 1;
            }
        }
        bulk_jobs::count(conn, account, job, tally)?;
        Ok(Step::Went)
    }

    /// The next users. The user who is responsible for the job comes last, alone: what is done to them may end the job.
    fn members(&self, conn: &mut Conn) -> Result<Vec<UserId>> {
        let found = bulk_job_users::waiting(conn, self.account, self.job, self.after, FOUND)?;
        let (own, answerable) = self.actor.answerable();
        let others = found.iter().copied().filter(|user| (own, answerable) != (self.account, *user));
        let others: Vec<UserId> = others.take(self.users).collect();
        // Users may still wait before the place where the batch begins.
        let alone = others.is_empty() && self.after.is_none();
        Ok(if alone { found } else { others })
    }

    /// Locks these users and the one who is responsible for the job, in the order of ids; deleted users are left out.
    fn lock(&self, conn: &mut Conn, members: &[UserId]) -> Result<BTreeMap<(AccountId, UserId), User>> {
        let mut everybody: BTreeSet<_> = members.iter().map(|user| (self.account, *user)).collect();
        everybody.insert(self.actor.answerable());
        let mut locked = BTreeMap::new();
        for (account, user) in everybody {
            if let Some(found) = users::lock(conn, account, user)? {
                locked.insert((account, user), found);
            }
        }
        Ok(locked)
    }

    /// Applies the action to one user.
    fn apply_action(&self, act: &mut Act<'_, '_>) -> Result<Done> {
        let (account, user) = (act.account.id, act.upon.target.id);
        let effect = match &self.action {
            BulkAction::ResetTwoFactor => reset_two_factor(act)?,
            BulkAction::RequirePasswordChange => require_password_change(act)?,
            BulkAction::SendActivation { send_mail } => {
                let issued = send_activation(act, way(*send_mail))?;
                let sealed = seal(act.tx.core, self.job, user, &issued)?;
                return Ok(Done { effect: Effect::Done, sealed_activation: Some(sealed) });
            }
            BulkAction::Unlock => unlock(act)?,
            BulkAction::Disable => disable(act)?,
            BulkAction::Enable => enable(act)?,
            BulkAction::RevokeSessions => revoke_sessions(act)?,
            BulkAction::Delete => {
                delete(act)?;
                Effect::Done
            }
            BulkAction::AssignRoles { role_ids } => {
                let current = current_roles(act.tx.conn, account, user)?;
                let wanted = current.union(&role_ids.iter().copied().collect()).copied().collect();
                set_roles(act, &current, &wanted)?
            }
            BulkAction::RemoveRoles { role_ids } => {
                let current = current_roles(act.tx.conn, account, user)?;
                let wanted = current.difference(&role_ids.iter().copied().collect()).copied().collect();
                set_roles(act, &current, &wanted)?
            }
            BulkAction::GrantPermissions { permissions } => {
                let current = user_permissions::direct_of_user(act.tx.conn, account, user)?;
                let wanted = current.with(&parse(permissions)?);
                set_permissions(act, &current, &wanted)?
            }
            BulkAction::RevokePermissions { permissions } => {
                let current = user_permissions::direct_of_user(act.tx.conn, account, user)?;
                let wanted = current.without(&parse(permissions)?);
                set_permissions(act, &current, &wanted)?
            }
        };
        Ok(Done { effect, sealed_activation: None })
    }
}

/// What was done to one user.
struct Done {
    effect: Effect,
    sealed_activation: Option<Vec<u8>>,
}

fn current_roles(conn: &mut Conn, account: AccountId, user: UserId) -> Result<BTreeSet<RoleId>> {
    Ok(user_roles::of_user(conn, account, user)?.into_iter().collect())
}

fn parse(permissions: &[String]) -> Result<PermissionSet> {
    parse_permissions(permissions).map_err(Error::Validation)
}

/// Why the job can do nothing more on behalf of `actor`.
///
/// # Errors
/// `why` itself, if it means something else.
fn stop_reason(actor: &Actor, why: Error) -> Result<&'static str> {
    match (why, &actor.credential) {
        (Error::InvalidToken, Credential::Session(_)) => Ok("the user who started it was deleted or disabled"),
        (Error::InvalidToken, Credential::ApiKey(_)) => Ok("the API key that started it is no longer valid"),
        (Error::PermissionRequired(_) | Error::NotFound, Credential::Session(_)) => {
            Ok("the user who started it no longer holds user_permissions")
        }
        (Error::PermissionRequired(_) | Error::NotFound, Credential::ApiKey(_)) => {
            Ok("the API key that started it no longer holds user_permissions")
        }
        (other, _) => Err(other),
    }
}

/// The outcome for a user.
///
/// # Errors
/// Those of the database: the whole transaction is then repeated.
fn member_outcome(user: UserId, username: Option<String>, done: Result<Done>) -> Result<MemberOutcome> {
    let outcome =
        |outcome| MemberOutcome { user, outcome, username, code: None, message: None, sealed_activation: None };
    let why = match done {
        Ok(Done { effect: Effect::Done, sealed_activation }) => {
            return Ok(MemberOutcome { sealed_activation, ..outcome(Outcome::Succeeded) });
        }
        Ok(Done { effect: Effect::Nothing, .. }) => return Ok(outcome(Outcome::Unchanged)),
        Err(why) => why,
    };
    let (code, message) = match why {
        Error::NotFound => ("not_found", "the user has been deleted since the job was started".to_owned()),
        refused @ (Error::OutOfReach { .. } | Error::PermissionRequired(_)) => {
            ("permission_required", refused.to_string())
        }
        Error::GrantRefused(GrantRefused::NotHeld(permission)) => {
            ("permission_required", GrantRefused::NotHeld(permission).to_string())
        }
        Error::GrantRefused(refused @ GrantRefused::PlatformOnly(_)) => ("platform_only", refused.to_string()),
        Error::Conflict(why) => ("conflict", why),
        Error::Validation(errors) => {
            ("validation_failed", errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; "))
        }
        Error::TooManyRequests { retry_after_seconds } => {
            let wait = in_seconds(retry_after_seconds);
            ("too_many_requests", format!("too many mails to this user or address; try again in {wait}"))
        }
        again @ (Error::DatabaseUnavailable | Error::Overloaded) => return Err(again),
        // A problem with one user must not hold up the others.
        other => {
            tracing::error!(error = %other, user_id = %user, "a bulk job could not process a user");
            ("internal_error", SERVICE_FAILED.to_owned())
        }
    };
    Ok(MemberOutcome { code: Some(code.to_owned()), message: Some(message), ..outcome(Outcome::Failed) })
}
