//! `latchkey serve`

use std::{fs, future::pending, io, sync::Arc};

use kernel::SystemClock;
use store::Alone;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Failure, patience::patiently};
use crate::{
    config::Config,
    open::serve_alone,
    server::{self, Running},
};

/// Answers requests until SIGTERM, SIGINT or SIGHUP, then drains. A second signal ends the process at once, and so does
/// the first one before requests are answered.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let mut signals = Signals::listen()?;
    for doubt in config.doubts() {
        tracing::warn!("{doubt}");
    }
    let alone = serve_alone(config)?;
    let (own_config, clock) = (config.clone(), Arc::new(SystemClock));
    let starting = patiently(async move |progress| server::start_telling(&own_config, clock, &progress).await);
    let running = tokio::select! {
        running = starting => running?,
        () = signals.stop() => {
            tracing::info!("stopped before listening");
            return Ok(());
        }
    };
    if let Some(Err(error)) = alone.as_ref().map(Alone::note) {
        tracing::warn!(%error, "commands beside this process cannot detect that the database file was replaced");
    }
    let address = running.address();
    tracing::info!(%address, "listening on http://{address}, API reference at http://{address}/docs");
    for address in running.further_addresses() {
        tracing::info!(%address, "and on http://{address}");
    }
    tokio::select! {
        () = signals.stop() => {}
        () = say_how_to_begin(&running) => signals.stop().await,
    }
    tracing::info!("stopping: finishing current requests, accepting no new ones");
    tokio::select! {
        ended = running.stop_and_close() => ended?,
        () = signals.stop() => tracing::warn!("stopped at once"),
    }
    Ok(())
}

/// The signals that stop the process.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Hangup,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(Self { terminate, interrupt, hangup: Hangup::listen()? })
    }

    /// Waits for the next one.
    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = self.hangup.recv() => {}
        }
    }
}

/// The signal of a closing terminal, and of some process supervisors.
struct Hangup(Option<Signal>);

impl Hangup {
    /// If the process was started with the signal ignored, as by `nohup`, it keeps running.
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

/// Whether this process was started with the signal ignored. Where the system does not report it, it was not.
fn is_ignored(kind: SignalKind) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    // The first bit is that of signal 1.
    let bit = u32::try_from(kind.as_raw_value().saturating_sub(1)).unwrap_or(u32::MAX);
    1_u64.checked_shl(bit).is_some_and(|bit| mask & bit != 0)
}

async fn say_how_to_begin(running: &Running) {
    match running.service().has_platform_administrator().await {
        Ok(true) => {}
        Ok(false) => tracing::warn!(
            "there is no platform administrator yet; create the first one with: latchkey init --username NAME (same \
             configuration; this process can keep running)"
        ),
        Err(error) => tracing::warn!(%error, "cannot check whether there is a platform administrator"),
    }
}
