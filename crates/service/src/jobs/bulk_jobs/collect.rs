//! Collects the users that match a job's filter.
//!
//! They are read in pages, and written in smaller parts, so that they neither fill memory nor block SQLite's only
//! writer. None is processed before all are collected: what is done to the first must not decide who the last is.

use kernel::{AccountId, BulkJobId, Time, UserId};
use store::{
    Conn,
    tables::{
        base::lease::Lease,
        directory::user_list,
        jobs::{bulk_job_users, bulk_jobs, bulk_queues},
    },
};

use crate::{
    base::{error::Result, service::Service},
    directory::users::UserQuery,
    jobs::worker::Step,
};

/// Ids that are read at a time.
const READ: i64 = 10_000;

/// Ids that are written at a time.
const WRITTEN: usize = 1_000;

/// A place in the list of the users that match a filter.
#[derive(Clone)]
pub(super) struct Collecting {
    /// The account.
    pub(super) account: AccountId,
    /// The filter.
    pub(super) query: UserQuery,
    /// The time at which users must match, where the filter depends on time.
    pub(super) as_of: Time,
    /// The last one that was collected.
    pub(super) after: Option<UserId>,
}

impl Collecting {
    /// The next ids, in their order.
    pub(super) fn page(&self, conn: &mut Conn) -> Result<Vec<UserId>> {
        let filters = self.query.filters(conn, self.account, self.as_of)?;
        let order = user_list::Order::CreatedAt { descending: false, after: self.after };
        Ok(user_list::ids(conn, self.account, &filters, &order, READ)?)
    }
}

impl Service {
    /// Adds the next users to the job, or records that all have been collected.
    pub(super) async fn collect_some(&self, job: BulkJobId, from: Collecting, lease: Lease) -> Result<Step> {
        let account = from.account;
        let found = self.store.read_much_in_background(account, move |conn| from.page(conn)).await?;
        if found.is_empty() {
            return self.store.write(move |conn| all_are_there(conn, account, job, lease)).await;
        }
        for part in found.chunks(WRITTEN) {
            let part = part.to_vec();
            let step = self.store.write(move |conn| {
                if !bulk_queues::renew_lease(conn, account, lease)? {
                    return Ok(Step::Over);
                }
                // Cancelled meanwhile.
                if bulk_jobs::hold(conn, account, job)? {
                    bulk_job_users::insert(conn, account, job, &part)?;
                }
                Ok::<_, crate::base::error::Error>(Step::Went)
            });
            if let Step::Over = step.await? {
                return Ok(Step::Over);
            }
        }
        Ok(Step::Went)
    }
}

fn all_are_there(conn: &mut Conn, account: AccountId, job: BulkJobId, lease: Lease) -> Result<Step> {
    if !bulk_queues::renew_lease(conn, account, lease)? {
        return Ok(Step::Over);
    }
    if bulk_jobs::hold(conn, account, job)? {
        let total = bulk_job_users::count(conn, account, job)?;
        bulk_jobs::set_total(conn, account, job, total)?;
    }
    Ok(Step::Went)
}
