//! `latchkey doctor`

use std::{net::TcpListener, sync::Arc};

use kernel::{Clock, SystemClock};

use super::{Failure, print};
use crate::{config::Config, open::open_service};

/// Checks configuration, clock, database, keys and address, one line each; fails if one of them fails.
pub async fn run(config: &Config) -> Result<(), Failure> {
    // What is wrong with the configuration has been said before this.
    print("ok    configuration")?;
    let now = SystemClock.now();
    print(format_args!("ok    clock: {} (compare it with another; codes may be off by 30 seconds)", now.to_rfc3339()))?;

    let service = match open_service(config, Arc::new(SystemClock)).await {
        Ok(service) => service,
        Err(error) => {
            print(format_args!("FAIL  database and keys: {error}"))?;
            return Err("a check failed".into());
        }
    };
    service.is_ready().await?;
    print("ok    database: reachable, schema up to date")?;
    print(format_args!("ok    keys: {} to verify access tokens", service.public_keys().len()))?;
    if service.has_platform_administrator().await? {
        print("ok    platform administrator")?;
    } else {
        print("todo  platform administrator: latchkey init --username NAME")?;
    }
    match TcpListener::bind(config.server.bind) {
        Ok(_) => print(format_args!("ok    address: {} is free", config.server.bind))?,
        Err(error) => print(format_args!(
            "note  address: {} cannot be listened on ({error}); is the service running?",
            config.server.bind
        ))?,
    }
    Ok(())
}
