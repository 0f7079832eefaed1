//! The service with password hashes that cost nothing and protect nothing, to measure everything else: the cost of a login
//! beside its hash. Takes its configuration as `latchkey serve` does, and answers until it is told to stop.
//! Used by `make bench`.

use std::sync::Arc;

use api::{config, open::serve_alone, server};
use kernel::SystemClock;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut config = config::load(None, std::env::vars())?;
        config.password_hashing.weak_for_tests = true;
        let mut terminate = signal(SignalKind::terminate())?;
        let _alone = serve_alone(&config)?;
        let running = server::start(&config, Arc::new(SystemClock)).await?;
        terminate.recv().await;
        running.stop().await?;
        Ok(())
    })
}
