//! Sends log lines to standard error.

use std::{
    io::{self, IsTerminal},
    panic,
};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use super::Failure;
use crate::config::{Format, Log};

/// Sends log lines and panic messages to standard error.
pub fn start(config: &Log) -> Result<(), Failure> {
    let filter: EnvFilter = config.filter()?;
    let registry = tracing_subscriber::registry().with(filter);
    match config.format {
        Format::Text => {
            registry.with(fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr)).try_init()?;
        }
        Format::Json => registry.with(fmt::layer().json().flatten_event(true).with_writer(io::stderr)).try_init()?,
    }
    panic::set_hook(Box::new(|panic| {
        // A panic message may hold request data; a literal in the source cannot.
        let reason = panic
            .payload()
            .downcast_ref::<&'static str>()
            .copied()
            .unwrap_or("a message withheld because it may hold secrets");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(reason, place, "a thread panicked");
    }));
    Ok(())
}
