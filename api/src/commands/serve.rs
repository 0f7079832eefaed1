//! `latchkey serve`

use std::{fs, future::pending, io, sync::Arc};

use kernel::SystemClock;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Failure;
use crate::{config::Config, server};

/// Answers requests until SIGTERM, SIGINT or SIGHUP, then drains. A second signal ends the process at once.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = Hangup::listen()?;
    for doubt in config.doubts() {
        tracing::warn!("{doubt}");
    }
    let running = server::start(config, Arc::new(SystemClock)).await?;
    let address = running.address();
    tracing::info!(%address, "listening on http://{address}, reference at http://{address}/docs");
    for address in running.further_addresses() {
        tracing::info!(%address, "and on http://{address}");
    }
    if !running.service().has_platform_administrator().await? {
        tracing::warn!(
            "there is no platform administrator yet; make the first one with: latchkey init --username NAME \
             (same configuration, this process may go on)"
        );
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = hangup.recv() => {}
    }
    tracing::info!("stopping: requests under way are answered, new ones are not taken");
    tokio::select! {
        ended = running.stop() => ended?,
        _ = terminate.recv() => tracing::warn!("stopped at once"),
        _ = interrupt.recv() => tracing::warn!("stopped at once"),
        () = hangup.recv() => tracing::warn!("stopped at once"),
    }
    Ok(())
}

/// The signal of a terminal that goes, and of some that supervise processes.
struct Hangup(Option<Signal>);

impl Hangup {
    /// Whoever started us with the signal ignored, as `nohup` does, wants us to go on.
    fn listen() -> io::Result<Self> {
        if is_ignored(SignalKind::hangup()) { Ok(Self(None)) } else { signal(SignalKind::hangup()).map(Some).map(Self) }
    }

    async fn recv(&mut self) {
        match &mut self.0 {
            Some(signal) => {
                signal.recv().await;
            }
            None => pending().await,
        }
    }
}

/// Whether this process was told to ignore a signal. Where the system does not say so, it was not.
fn is_ignored(kind: SignalKind) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    // The first bit is that of signal 1.
    let bit = u32::try_from(kind.as_raw_value().saturating_sub(1)).unwrap_or(u32::MAX);
    1_u64.checked_shl(bit).is_some_and(|bit| mask & bit != 0)
}
