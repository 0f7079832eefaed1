//! Orders a job.

use kernel::{AccountId, Id, OsRandom, UserId};
use permissions::{PermissionSet, UserPermissions, change};
use serde::{Deserialize, Serialize};
use store::{
    Conn,
    tables::{
        directory::{
            accounts::{self, Account},
            role_permissions,
        },
        jobs::{
            bulk_job_users,
            bulk_jobs::{self, BulkJob, JobStatus, JobTally},
            bulk_queues,
        },
    },
};

use super::{BulkAction, BulkJobView, collect::Collecting, creator::Creator};
use crate::{
    authority::{acting::Acting, allowed::Allowed, registered::must_be_registered, role_ids::known_roles},
    base::{
        audit::{self, Event},
        error::{Error, Result},
        idempotency::IdempotencyKey,
        model::{Actor, UserList},
        permission_names::parse_permissions,
        platform_account::PLATFORM_SLUG,
        service::Service,
        tx::Tx,
    },
    directory::users::UserQuery,
};

/// Jobs of one account that may be queued or running.
const MAX_OPEN: i64 = 10;

/// The users of a job.
#[derive(Clone, Debug)]
pub enum BulkSelection {
    /// These users.
    Users(Vec<UserId>),
    /// The users that match this query when the job begins; its order does not matter.
    Filter(UserQuery),
}

/// The action and its users.
#[derive(Clone, Debug)]
pub struct BulkRequest {
    /// What to do to each user.
    pub action: BulkAction,
    /// The users.
    pub selection: BulkSelection,
}

/// The same, as the job stores it; listed users have rows of their own.
#[derive(Serialize, Deserialize)]
pub(super) struct Parameters {
    #[serde(flatten)]
    pub(super) action: BulkAction,
    pub(super) filter: Option<UserQuery>,
}

impl Service {
    /// Orders a job. It begins when the account's earlier jobs have ended.
    ///
    /// # Errors
    /// [`Error::Validation`] names users and roles that are not of this account, and permissions that cannot be granted
    /// at all; [`Error::GrantRefused`]: callers cannot give what they do not hold; [`Error::Conflict`] while ten jobs
    /// of the account are queued or running, and for mails when no mail server is set.
    pub async fn start_bulk_job(
        &self,
        by: &Allowed<UserPermissions>,
        request: BulkRequest,
        key: Option<IdempotencyKey>,
    ) -> Result<BulkJobView> {
        if request.action.sends_mail() {
            self.core.must_send_mail()?;
        }
        let view = self
            .act_after(
                by,
                // The queue is locked before the user, as in the worker.
                |tx, account| Ok(bulk_queues::call(tx.conn, account)?),
                move |mut acting, account, ()| {
                    acting.once(key.as_ref(), |Acting { tx, by, held }| {
                        check_action(tx.conn, account, held, &request.action)?;
                        if bulk_jobs::count_open(tx.conn, account.id)? >= MAX_OPEN {
                            let why = "ten bulk jobs of this account are waiting or running; wait until one has ended";
                            return Err(Error::Conflict(why.to_owned()));
                        }
                        let job = insert(tx, by, account.id, &request)?;
                        tx.record(account.id, event(by, audit::Action::BulkJobStarted, &job)?);
                        BulkJobView::of(&job)
                    })
                },
            )
            .await?;
        self.core.bulk_job_came.notify_one();
        Ok(view)
    }

    /// How many users a job would have if it were ordered now.
    ///
    /// # Errors
    /// As for [`Self::start_bulk_job`], except for the limit.
    pub async fn preview_bulk_job(&self, by: &Allowed<UserPermissions>, request: BulkRequest) -> Result<u32> {
        let (account, held, now) = (by.account_id(), by.actor().permissions.clone(), self.core.now());
        let BulkRequest { action, selection } = request;
        if action.sends_mail() {
            self.core.must_send_mail()?;
        }
        let (listed, filter) = match selection {
            BulkSelection::Users(ids) => (Some(UserList::of("users", ids)), None),
            BulkSelection::Filter(query) => (None, Some(query)),
        };
        let listed = self
            .store
            // Changes nothing; but the catalog is read under a lock, which no reader may take.
            .write(move |conn| {
                let account = accounts::by_id(conn, account)?.ok_or(Error::NotFound)?;
                check_action(conn, &account, &held, &action)?;
                let ids = listed.as_ref().map(|listed| listed.of_account(conn, account.id)).transpose()?;
                Ok::<_, Error>(ids.map_or(0, |ids| ids.len()))
            })
            .await?;
        let Some(query) = filter else { return Ok(count(listed)) };
        let mut found = 0_usize;
        let mut collecting = Collecting { account, query, as_of: now, after: None };
        loop {
            let page = collecting.clone();
            let ids = self.store.read_much(account, move |conn| page.page(conn)).await?;
            found = found.saturating_add(ids.len());
            match ids.last() {
                Some(last) => collecting.after = Some(*last),
                None => return Ok(count(found)),
            }
        }
    }
}

fn count(users: usize) -> u32 {
    u32::try_from(users).unwrap_or(u32::MAX)
}

/// Checks whether the action can be done to anybody. What depends on the user is checked when it is done.
fn check_action(conn: &mut Conn, account: &Account, held: &PermissionSet, action: &BulkAction) -> Result<()> {
    let in_platform = account.slug == PLATFORM_SLUG;
    let nothing = PermissionSet::default();
    let role_ids: Vec<_> = action.role_ids().iter().copied().map(Some).collect();
    known_roles(conn, account.id, &role_ids)?;
    if let BulkAction::AssignRoles { role_ids } = action {
        for carried in role_permissions::of_roles(conn, account.id, role_ids)?.values() {
            change(held, &nothing, carried, in_platform)?;
        }
    }
    let permissions = parse_permissions(action.permissions()).map_err(Error::Validation)?;
    if let BulkAction::GrantPermissions { .. } = action {
        change(held, &nothing, &permissions, in_platform)?;
        must_be_registered(conn, &permissions)?;
    }
    Ok(())
}

fn insert(tx: &mut Tx<'_>, actor: &Actor, account: AccountId, request: &BulkRequest) -> Result<BulkJob> {
    let (filter, listed) = match &request.selection {
        BulkSelection::Filter(query) => (Some(query.clone()), None),
        BulkSelection::Users(ids) => (None, Some(UserList::of("users", ids.clone()).of_account(tx.conn, account)?)),
    };
    let parameters = Parameters { action: request.action.clone(), filter };
    let parameters =
        serde_json::to_string(&parameters).map_err(|why| Error::Internal(format!("parameters of a job: {why}")))?;
    let job = BulkJob {
        account_id: account,
        id: Id::generate(tx.now, &mut OsRandom),
        creator: Creator::to_text(actor)?,
        action: request.action.as_str().to_owned(),
        parameters,
        status: JobStatus::Queued,
        failure: None,
        total: listed.as_ref().map(|listed| count(listed.len())),
        tally: JobTally::default(),
        created_at: tx.now,
        started_at: None,
        finished_at: None,
    };
    bulk_jobs::insert(tx.conn, &job)?;
    bulk_job_users::insert(tx.conn, account, job.id, &listed.unwrap_or_default())?;
    Ok(job)
}

/// The audit event of a job.
pub(super) fn event(actor: &Actor, did: audit::Action, job: &BulkJob) -> Result<Event> {
    let Parameters { action, filter } = Parameters::of(job)?;
    let event = actor
        .did(did)
        .on(job)
        .with("action", action.as_str())
        .with("by_filter", filter.is_some())
        .with_list("role_ids", action.role_ids().iter().map(ToString::to_string))
        .with_list("permissions", action.permissions().iter().cloned());
    let event = if action.sends_mail() { event.with("send_mail", true) } else { event };
    Ok(match job.total {
        Some(total) => event.with("total", total),
        None => event,
    })
}
