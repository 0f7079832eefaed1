//! Does what waits, and rests when nothing does.

use std::time::Duration;

use tokio::sync::Notify;

use crate::base::error::Result;

/// How often a node looks for work that arrived at another node, which may have stopped since.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Does one piece of work after the other as they arrive; never returns. `next`: does one, and returns whether there
/// may be another now.
pub(in crate::jobs) async fn run(came: &Notify, what: &'static str, mut next: impl AsyncFnMut() -> Result<bool>) {
    loop {
        match next().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "{what} is delayed"),
        }
        tokio::select! {
            () = came.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::Error;

    /// How often a worker looked that is stopped as soon as it rests.
    async fn looks(came: &Notify, mut outcomes: Vec<Result<bool>>) -> u32 {
        let mut looks = 0;
        let next = async || {
            looks += 1;
            outcomes.pop().unwrap_or(Ok(false))
        };
        tokio::select! {
            biased;
            () = run(came, "a test", next) => {}
            () = std::future::ready(()) => {}
        }
        looks
    }

    #[tokio::test]
    async fn a_worker_rests_when_nothing_waits_and_when_the_database_fails() {
        assert_eq!(looks(&Notify::new(), vec![]).await, 1);
        assert_eq!(looks(&Notify::new(), vec![Ok(false), Ok(true), Ok(true)]).await, 3);
        assert_eq!(looks(&Notify::new(), vec![Ok(true), Err(Error::DatabaseUnavailable)]).await, 1);
    }

    #[tokio::test]
    async fn what_arrives_wakes_it_also_if_it_arrived_before_the_rest() {
        let came = Notify::new();
        came.notify_one();
        assert_eq!(looks(&came, vec![]).await, 2);
    }
}
