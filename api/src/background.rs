//! The work that goes on beside requests, as long as the server runs.

use std::{fmt::Debug, panic::AssertUnwindSafe, time::Duration};

use actix_web::rt::{self, task::JoinHandle};
use futures_util::FutureExt;
use service::{Result, Service};

use crate::config;

/// How long a worker rests that has panicked.
const REST: Duration = Duration::from_secs(10);

/// Work that ends with this.
pub(crate) struct Background(Vec<JoinHandle<()>>);

impl Background {
    /// Begins with it, on the runtime of the caller.
    pub fn start(service: &Service, workers: config::Workers, maintenance: &config::Maintenance) -> Self {
        let watching = service.clone();
        let mut work = vec![rt::spawn(again_after_panic("the watch over costly hashes", async move || {
            watching.watch_costly_hashes().await;
        }))];
        if workers.enabled {
            let (importing, bulk_jobs, mails) = (service.clone(), service.clone(), service.clone());
            work.extend([
                rt::spawn(again_after_panic("the import of users", async move || importing.import_users().await)),
                rt::spawn(again_after_panic("the work on bulk jobs", async move || {
                    bulk_jobs.work_on_bulk_jobs().await;
                })),
                rt::spawn(again_after_panic("the sending of mails", async move || mails.send_mails().await)),
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

/// One round after the other.
async fn maintain(service: &Service, every: Duration) {
    loop {
        // At once: what has not been seen while nothing ran is written down before it changes.
        tell("how accounts stand with the second factor is written down", service.take_two_factor_snapshots().await);
        tokio::time::sleep(every).await;
        tell("reminders of passwords that expire are queued", service.queue_password_reminders().await);
        tell("earlier passwords that no policy remembers are forgotten", service.trim_password_history().await);
        tell("accounts whose time has come are deleted", service.purge_accounts().await);
        tell("what has expired is forgotten", service.purge().await);
    }
}

/// The next round tries again what failed.
fn tell<T: Debug>(done: &'static str, outcome: Result<T>) {
    match outcome {
        Ok(count) => tracing::debug!(?count, "{done}"),
        Err(error) => tracing::warn!(%error, "not everywhere: {done}"),
    }
}

/// Runs a worker that never ends. What makes it panic must not end the work for all others. The hook has logged where it
/// was.
async fn again_after_panic(what: &'static str, worker: impl AsyncFn()) {
    loop {
        if AssertUnwindSafe(worker()).catch_unwind().await.is_err() {
            tracing::error!("{what} panicked");
        }
        tokio::time::sleep(REST).await;
    }
}
