//! Waits for work that may take long before a command begins, logging the wait and reacting to signals.

use std::{error::Error, sync::Arc, thread, time::Duration};

use kernel::Clock;
use service::Service;
use store::Progress;
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};

use super::Failure;
use crate::{config::Config, open::open_service};

/// The first log line about the wait appears after this time; the next after twice as long, and so on.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// Tells the work that nobody waits for it any more, however the wait ends.
struct GiveUp(Progress);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// Runs `work` on its own thread, since much of what happens before the start blocks: name lookups, servers that do not
/// respond, files that are locked. Logs from time to time what it waits for. If the wait is abandoned, the thread is
/// left behind; use this only in programs that then end.
pub async fn patiently<T, E, F>(work: F) -> Result<T, Failure>
where
    T: Send + 'static,
    E: Error + Send + Sync + 'static,
    F: AsyncFnOnce(Progress) -> Result<T, E> + Send + 'static,
{
    let progress = Progress::default();
    let waiting = GiveUp(progress.clone());
    let (done, mut outcome) = oneshot::channel::<Result<T, Failure>>();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::Builder::new().name("opening".to_owned()).spawn(move || {
        let outcome = runtime.block_on(work(progress));
        // Nobody waits for it any more: the program is ending.
        let _ = done.send(outcome.map_err(Into::into));
    })?;
    let (since, mut pause) = (Instant::now(), FIRST);
    loop {
        tokio::select! {
            outcome = &mut outcome => {
                return outcome.unwrap_or_else(|_| Err("the thread that opens the database panicked".into()));
            }
            () = sleep(pause) => {
                tracing::warn!(seconds = since.elapsed().as_secs(), "not ready yet: {}", waiting.0.step());
                pause = LONGEST.min(pause * 2);
            }
        }
    }
}

/// Opens the service for a command.
pub async fn open_patiently(config: &Config, clock: Arc<dyn Clock>) -> Result<Service, Failure> {
    let config = config.clone();
    patiently(async move |progress| open_service(&config, clock, &progress).await).await
}
