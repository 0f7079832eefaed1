//! Checks whether the database exists, responds, and has all tables.

use std::time::Duration;

use store::{SealedValue, Store, StoreError};

use super::{
    super::{Failure, patience::patiently},
    Report,
};
use crate::{config::Config, master_key::absolute, open::connect};

/// How long the database may take to answer the first questions.
const PATIENCE: Duration = Duration::from_secs(10);

/// The state of the database.
pub(super) enum Looked {
    /// It does not exist; the first start creates it.
    NotThere,
    /// It exists, but its content cannot be read.
    Unknown,
    /// It responds.
    Open {
        /// The database.
        store: Store,
        /// What a master key has sealed in it.
        sealed: Vec<SealedValue>,
        /// Whether it has all migrations.
        is_ready: bool,
    },
}

pub(super) async fn check(report: &mut Report, config: &Config) -> Result<Looked, Failure> {
    let (place, file) = (config.store().place(), config.store().file());
    if config.needs_data_dir() && !check_data_directory(report, config)? {
        return Ok(Looked::Unknown);
    }
    if let Err(why) = store::not_taken_away(&config.store()) {
        report.failed("database", format_args!("{place}: {why}"))?;
        return Ok(Looked::Unknown);
    }
    // Connecting would create the file.
    if let Some(file) = file.filter(|file| matches!(file.try_exists(), Ok(false))) {
        let directory = file.parent().filter(|path| !path.as_os_str().is_empty());
        if config.database.own_url().is_some() && directory.is_some_and(|path| !path.is_dir()) {
            report.failed("database", format_args!("{place}: the directory does not exist"))?;
            return Ok(Looked::Unknown);
        }
        report.todo("database", format_args!("{place} will be created by the first start"))?;
        return Ok(Looked::NotThere);
    }
    if let Err(why) = inspect(config).await {
        report.failed("database", format_args!("{place}: {why}"))?;
        return Ok(Looked::Unknown);
    }
    let store = match connect(config) {
        Ok(store) => store,
        Err(why) => {
            report.failed("database", format_args!("{place}: {why}"))?;
            return Ok(Looked::Unknown);
        }
    };
    // On its own connection, which reports why it fails.
    let sealed = match store.sealed_values() {
        Ok(sealed) => sealed,
        Err(why) => {
            report.failed("database", format_args!("{place}: {why}"))?;
            return Ok(Looked::Unknown);
        }
    };
    let is_ready = match store.is_ready().await {
        Ok(()) => {
            report.ok("database", format_args!("{place}: reachable, schema up to date"))?;
            true
        }
        Err(StoreError::NotMigrated) => {
            report.todo("database", format_args!("{place}: run latchkey migrate, or start the service"))?;
            false
        }
        Err(why) => {
            report.failed("database", format_args!("{place}: {why}"))?;
            false
        }
    };
    Ok(Looked::Open { store, sealed, is_ready })
}

/// Checks whether the database can serve this program, as every start does. A start waits for a database that does not
/// respond; this does not wait long.
async fn inspect(config: &Config) -> Result<(), Failure> {
    let database = config.store();
    let inspection = patiently(async move |progress| store::inspect(&database, &progress));
    match tokio::time::timeout(PATIENCE, inspection).await {
        Ok(outcome) => outcome,
        Err(_) => Err("it does not respond: it hangs, or another program has locked it".into()),
    }
}

/// Whether it can be used as it is.
fn check_data_directory(report: &mut Report, config: &Config) -> Result<bool, Failure> {
    let directory = absolute(&config.data_dir);
    let path = directory.display();
    match std::fs::metadata(&directory) {
        Ok(found) if found.is_dir() => report.ok("data directory", path)?,
        Ok(_) => {
            report.failed("data directory", format_args!("{path} is not a directory"))?;
            return Ok(false);
        }
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
            report.todo("data directory", format_args!("{path} will be created by the first start"))?;
        }
        Err(why) => {
            report.failed("data directory", format_args!("{path}: {why}"))?;
            return Ok(false);
        }
    }
    Ok(true)
}
