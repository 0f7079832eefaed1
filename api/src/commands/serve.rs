//! `latchkey serve`

use std::sync::Arc;

use kernel::SystemClock;
use tokio::signal::unix::{SignalKind, signal};

use super::Failure;
use crate::{config::Config, open::serve_alone, server};

/// Answers requests until SIGTERM or SIGINT, then drains. A second signal ends the process at once.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let _alone = serve_alone(config)?;
    let running = server::start(config, Arc::new(SystemClock)).await?;
    let address = running.address();
    tracing::info!(%address, "listening on http://{address}, reference at http://{address}/docs");
    if !running.service().has_platform_administrator().await? {
        tracing::warn!(
            "there is no platform administrator yet; make the first one with: latchkey init --username NAME \
             (same configuration, this process may go on)"
        );
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: requests under way are answered, new ones are not taken");
    tokio::select! {
        ended = running.stop() => ended?,
        _ = terminate.recv() => tracing::warn!("stopped at once"),
        _ = interrupt.recv() => tracing::warn!("stopped at once"),
    }
    Ok(())
}
