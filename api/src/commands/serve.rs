//! `latchkey serve`

use std::{io, sync::Arc};

use kernel::SystemClock;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Failure, patience::patiently};
use crate::{
    config::Config,
    server::{self, Running},
};

/// Answers requests until SIGTERM or SIGINT, then drains. A second signal ends the process at once, and so does the first one
/// as long as nothing is answered.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    let (own_config, clock) = (config.clone(), Arc::new(SystemClock));
    let starting = patiently(async move |progress| server::start_telling(&own_config, clock, &progress).await);
    let running = tokio::select! {
        running = starting => running?,
        () = signals.stop() => {
            tracing::info!("stopped before it began to listen");
            return Ok(());
        }
    };
    let address = running.address();
    tracing::info!(%address, "listening on http://{address}, reference at http://{address}/docs");
    tokio::select! {
        () = signals.stop() => {}
        () = say_how_to_begin(&running) => signals.stop().await,
    }
    tracing::info!("stopping: requests under way are answered, new ones are not taken");
    tokio::select! {
        ended = running.stop() => ended?,
        () = signals.stop() => tracing::warn!("stopped at once"),
    }
    Ok(())
}

/// What tells the process to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the next one.
    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn say_how_to_begin(running: &Running) {
    match running.service().has_platform_administrator().await {
        Ok(true) => {}
        Ok(false) => tracing::warn!(
            "there is no platform administrator yet; make the first one with: latchkey init --username NAME \
             (same configuration, this process may go on)"
        ),
        Err(error) => tracing::warn!(%error, "cannot see whether there is a platform administrator"),
    }
}
