//! Purges old jobs.

use chrono::TimeDelta;
use store::tables::jobs::{bulk_job_users, bulk_jobs};

use crate::base::{
    error::{Error, Result},
    service::Service,
};

/// How long a job can be read after its end.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Rows of one transaction: a job of a million users must not keep others waiting.
const ROWS: i64 = 5_000;

impl Service {
    /// Deletes activation codes that nobody took and that have expired.
    pub(crate) async fn purge_codes_of_bulk_jobs(&self) -> Result<()> {
        // A code was made before its job ended.
        let expired = self.core.now() - self.core.settings.activation_lifetime;
        while let Some((account, job)) =
            self.store.read(move |conn| Ok::<_, Error>(bulk_job_users::stale_activations(conn, expired)?)).await?
        {
            self.store
                .write(move |conn| {
                    let stale = bulk_job_users::with_activation(conn, account, job, ROWS)?;
                    let users: Vec<_> = stale.iter().map(|member| member.user).collect();
                    Ok::<_, Error>(bulk_job_users::forget_activations(conn, account, job, &users)?)
                })
                .await?;
        }
        Ok(())
    }

    /// Deletes jobs that ended 30 days ago; returns how many.
    pub(crate) async fn purge_bulk_jobs(&self) -> Result<usize> {
        let then = self.core.now() - KEPT;
        let mut jobs = 0_usize;
        while let Some((account, job)) =
            self.store.read(move |conn| Ok::<_, Error>(bulk_jobs::first_ended_before(conn, then)?)).await?
        {
            let forget =
                move |conn: &mut store::Conn| Ok::<_, Error>(bulk_job_users::delete_some(conn, account, job, ROWS)?);
            while self.store.write(forget).await? > 0 {}
            self.store.write(move |conn| Ok::<_, Error>(bulk_jobs::delete(conn, account, job)?)).await?;
            jobs = jobs.saturating_add(1);
        }
        Ok(jobs)
    }
}
