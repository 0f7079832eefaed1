//! `latchkey doctor`

use std::{fmt, io, net::TcpListener, sync::Arc, time::Duration};

use kernel::{Clock, SystemClock};
use mail::Postman;
use service::Service;
use store::{Store, StoreError};

use super::{Failure, patience::patiently, print};
use crate::{
    config::Config,
    open::{connect, existing_master_key},
};

/// How long the database may take to answer the first questions.
const PATIENCE: Duration = Duration::from_secs(10);

/// Checks configuration, clock, address, keys, database and mail server, one line each, and changes nothing. Fails if a check
/// fails.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let ours = check_ourselves(config).await;
    let mail = check_mail(config).await;
    ours.and(mail)
}

async fn check_ourselves(config: &Config) -> Result<(), Failure> {
    // What is wrong with the configuration was said before this.
    print("ok    configuration")?;
    let clock = SystemClock;
    print(format_args!(
        "ok    clock: {} (compare it with another clock; it may be off by 30 seconds)",
        clock.now().to_rfc3339()
    ))?;
    check_address(config)?;
    if config.needs_data_dir() && !config.data_dir.exists() {
        print(format_args!("todo  data directory: {} is made by the first start", config.data_dir.display()))?;
        return Ok(());
    }
    let master_key = match existing_master_key(config) {
        Ok(Some(key)) => key,
        Ok(None) => return Ok(print("todo  master key: it is made by the first start")?),
        Err(error) => return failed("master key", &error),
    };
    print("ok    master key")?;
    if let Err(why) = inspect(config).await {
        return failed("database", &why);
    }
    let store = match connect(config) {
        Ok(store) => store,
        Err(error) => return failed("database", &error),
    };
    match store.is_ready().await {
        Ok(()) => print("ok    database: reachable, schema up to date")?,
        Err(StoreError::NotMigrated) => return Ok(print("todo  database: latchkey migrate, or start the service")?),
        Err(error) => return failed("database", &error),
    }
    match Service::start(config.settings()?, &master_key, Store::clone(&store), Arc::new(clock)).await {
        Ok(service) => check_service(&service).await,
        Err(error) => failed("keys", &error),
    }
}

/// Whether the database can serve this program, as every start asks too. A start waits for a database that does not answer; this
/// does not wait for long.
async fn inspect(config: &Config) -> Result<(), Failure> {
    let database = config.store();
    let inspection = patiently(async move |progress| store::inspect(&database, &progress));
    match tokio::time::timeout(PATIENCE, inspection).await {
        Ok(outcome) => outcome,
        Err(_) => Err("it does not answer: it stands still, or another program has locked it".into()),
    }
}

async fn check_service(service: &Service) -> Result<(), Failure> {
    print(format_args!("ok    keys: {} to verify access tokens", service.public_keys().len()))?;
    if service.has_platform_administrator().await? {
        print("ok    platform administrator")?;
    } else {
        print("todo  platform administrator: latchkey init --username NAME")?;
    }
    Ok(())
}

/// Goes to the mail server and signs in. Sends nothing.
async fn check_mail(config: &Config) -> Result<(), Failure> {
    let postman = match Postman::open(&config.mail.settings()?) {
        Ok(Some(postman)) => postman,
        Ok(None) => return Ok(print("note  mail: no server is set, so none is sent")?),
        Err(error) => return failed("mail", &error),
    };
    match postman.check().await {
        Ok(()) => Ok(print("ok    mail: the server can be reached")?),
        Err(error) => failed("mail", &error),
    }
}

fn check_address(config: &Config) -> io::Result<()> {
    let bind = config.server.bind;
    match TcpListener::bind(bind) {
        Ok(_) => print(format_args!("ok    address: {bind} is free")),
        Err(error) => print(format_args!("note  address: {bind} is not free ({error}); is the service running?")),
    }
}

fn failed(what: &str, why: &dyn fmt::Display) -> Result<(), Failure> {
    print(format_args!("FAIL  {what}: {why}"))?;
    Err("a check failed".into())
}
