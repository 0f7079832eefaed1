//! `latchkey doctor`
//!
//! A check is a function that adds lines to the [`Report`]; one that fails keeps no other from being made, unless that one
//! needs what was not found.

mod database;
mod keys;
mod report;

use std::{io, net::TcpListener};

use breach::Breaches;
use kernel::{Clock, SystemClock};
use mail::Postman;

use self::report::Report;
use super::Failure;
use crate::{config::Config, server::is_not_of_this_machine};

/// Checks configuration, clock, address, database, keys and mail server, a line or more each, and changes nothing. Fails if
/// something is wrong, after it has said all.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let mut report = Report::default();
    check_configuration(&mut report, config)?;
    check_clock(&mut report)?;
    check_address(&mut report, config)?;
    let looked = database::check(&mut report, config).await?;
    keys::check(&mut report, config, looked).await?;
    check_breaches(&mut report, config)?;
    check_mail(&mut report, config).await?;
    report.end()
}

/// What cannot be used at all was said before this; what stands in other files has not been looked at yet.
fn check_configuration(report: &mut Report, config: &Config) -> Result<(), Failure> {
    match config.settings() {
        Ok(_) => report.ok("configuration", "")?,
        Err(why) => report.failed("configuration", why)?,
    }
    for doubt in config.doubts() {
        report.warn("configuration", doubt)?;
    }
    Ok(())
}

fn check_clock(report: &mut Report) -> Result<(), Failure> {
    let now = SystemClock.now().to_rfc3339();
    Ok(report.ok("clock", format_args!("{now} (compare it with another clock; it may be off by 30 seconds)"))?)
}

fn check_address(report: &mut Report, config: &Config) -> Result<(), Failure> {
    let bind = &config.server.bind;
    let addresses = match bind.addresses() {
        Ok(addresses) => addresses,
        Err(why) => return Ok(report.failed("address", format_args!("{bind}: {why}"))?),
    };
    let is_one_of_many = addresses.len() > 1;
    for address in addresses {
        match TcpListener::bind(address) {
            Ok(_) => report.ok("address", format_args!("{address} is free"))?,
            Err(why) if why.kind() == io::ErrorKind::AddrInUse => {
                report.note("address", format_args!("{address} is not free ({why}); is the service running?"))?;
            }
            Err(why) if is_one_of_many && is_not_of_this_machine(&why) => {
                report.note("address", format_args!("{address} is left out: {why}"))?;
            }
            Err(why) => report.failed("address", format_args!("{address}: {why}"))?,
        }
    }
    Ok(())
}

/// Looks whether the file can be searched. The endpoint is not asked.
fn check_breaches(report: &mut Report, config: &Config) -> Result<(), Failure> {
    if config.breach.file.is_none() && config.breach.endpoint.is_none() {
        return Ok(());
    }
    match Breaches::open(&config.breach.settings()) {
        Ok(_) => report.ok("breaches", "what is set can be asked")?,
        Err(why) => report.failed("breaches", why)?,
    }
    Ok(())
}

/// Goes to the mail server and signs in. Sends nothing.
async fn check_mail(report: &mut Report, config: &Config) -> Result<(), Failure> {
    // Said with the configuration.
    let Ok(settings) = config.mail.settings() else { return Ok(()) };
    let postman = match Postman::open(&settings) {
        Ok(Some(postman)) => postman,
        Ok(None) => return Ok(report.note("mail", "no server is set, so none is sent")?),
        Err(why) => return Ok(report.failed("mail", why)?),
    };
    match postman.check().await {
        Ok(()) => report.ok("mail", "the server can be reached")?,
        Err(why) => report.failed("mail", why)?,
    }
    Ok(())
}
