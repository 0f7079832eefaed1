//! `latchkey doctor`
//!
//! A check is a function that adds lines to the [`Report`]; one that fails prevents only checks that need its result.

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

/// Checks configuration, clock, address, database, keys and mail server, with one or more lines each, and changes
/// nothing. Fails if something is wrong, after reporting everything.
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

/// An unusable configuration was reported before this; the files that it names are not checked yet.
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
    Ok(report.ok("clock", format_args!("{now} (compare it with another clock; it may be off by up to 30 seconds)"))?)
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
                report.note("address", format_args!("{address} is in use ({why}); is the service running?"))?;
            }
            Err(why) if is_one_of_many && is_not_of_this_machine(&why) => {
                report.note("address", format_args!("{address} is skipped: {why}"))?;
            }
            Err(why) => report.failed("address", format_args!("{address}: {why}"))?,
        }
    }
    Ok(())
}

/// Checks whether the file can be searched. The endpoint is not called.
fn check_breaches(report: &mut Report, config: &Config) -> Result<(), Failure> {
    if config.breach.file.is_none() && config.breach.endpoint.is_none() {
        return Ok(());
    }
    match Breaches::open(&config.breach.settings()) {
        Ok(_) => report.ok("breaches", "the configured sources can be opened")?,
        Err(why) => report.failed("breaches", why)?,
    }
    Ok(())
}

/// Connects to the mail server and signs in. Sends nothing.
async fn check_mail(report: &mut Report, config: &Config) -> Result<(), Failure> {
    // Reported with the configuration.
    let Ok(settings) = config.mail.settings() else { return Ok(()) };
    let postman = match Postman::open(&settings) {
        Ok(Some(postman)) => postman,
        Ok(None) => return Ok(report.note("mail", "no server is configured, so no mail is sent")?),
        Err(why) => return Ok(report.failed("mail", why)?),
    };
    match postman.check().await {
        Ok(()) => report.ok("mail", "the server can be reached")?,
        Err(why) => report.failed("mail", why)?,
    }
    Ok(())
}
