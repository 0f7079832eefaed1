//! Background work, as long as the server runs.

use std::{fmt::Debug, panic::AssertUnwindSafe, time::Duration};

use actix_web::rt::{self, task::JoinHandle};
use futures_util::FutureExt;
use service::{Result, Service};

use crate::config;

/// How long a worker rests after a panic.
const REST: Duration = Duration::from_secs(10);

/// Background work that stops when this is dropped.
pub(crate) struct Background(Vec<JoinHandle<()>>);

impl Background {
    /// Starts it on the caller's runtime.
    pub fn start(service: &Service, workers: config::Workers, maintenance: &config::Maintenance) -> Self {
        let watching = service.clone();
        let mut work = vec![rt::spawn(again_after_panic("the check for costly hashes", async move || {
            watching.watch_costly_hashes().await;
        }))];
        if workers.enabled {
            let (importing, bulk_jobs, mails) = (service.clone(), service.clone(), service.clone());
            work.extend([
                rt::spawn(again_after_panic("the import worker", async move || importing.run_import_worker().await)),
                rt::spawn(again_after_panic("the bulk job worker", async move || {
                    bulk_jobs.run_bulk_job_worker().await;
                })),
                rt::spawn(again_after_panic("the mail worker", async move || mails.run_mail_worker().await)),
            ]);
        }
        if let Some(every) = maintenance.every() {
            let service = service.clone();
            work.push(rt::spawn(again_after_panic("maintenance", async move || maintain(&service, every).await)));
        }
        Self(work)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        for work in &self.0 {
            work.abort();
        }
    }
}

/// Runs one round after the other.
async fn maintain(service: &Service, every: Duration) {
    loop {
        // At once: what was not seen while nothing ran is recorded before it changes.
        tell("recording the two-factor state of accounts", service.take_two_factor_snapshots().await);
        tokio::time::sleep(every).await;
        tell("queueing reminders of expiring passwords", service.queue_password_reminders().await);
        tell("deleting earlier passwords that no policy remembers", service.trim_password_history().await);
        tell("deleting accounts that are due", service.purge_accounts().await);
        tell("deleting expired data", service.purge().await);
    }
}

/// Logs the outcome. The next round retries what failed.
fn tell<T: Debug>(done: &'static str, outcome: Result<T>) {
    match outcome {
        Ok(count) => tracing::debug!(?count, "{done}"),
        Err(error) => tracing::warn!(%error, "incomplete: {done}"),
    }
}

/// Runs a worker that never ends, restarting it after a panic: one bad item must not end the work for all others. The
/// hook has logged where it was.
async fn again_after_panic(what: &'static str, worker: impl AsyncFn()) {
    loop {
        if AssertUnwindSafe(worker()).catch_unwind().await.is_err() {
            tracing::error!("{what} panicked");
        }
        tokio::time::sleep(REST).await;
    }
}
