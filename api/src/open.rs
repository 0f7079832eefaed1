//! Opens a service from a configuration: the data directory, the master key, the database and its migrations.

use std::sync::Arc;

use kernel::Clock;
use service::Service;
use store::{Alone, LookError, MigrateError, Progress, Store, Unfit};

use crate::{
    config::{Config, Invalid},
    master_key::{self, KeyError},
};

/// Why the service cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] Invalid),
    /// There is no master key, or not the right one.
    #[error(transparent)]
    MasterKey(#[from] KeyError),
    /// The database cannot serve this program.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] store::OpenError),
    /// The database cannot be migrated.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The sealed values of the database cannot be read.
    #[error(transparent)]
    Look(#[from] LookError),
    /// The service cannot start.
    #[error(transparent)]
    Service(#[from] service::StartError),
}

/// Takes the right to serve from the database, before anything else is done with it. Keep it until the process ends.
/// `None` if many may serve.
pub fn serve_alone(config: &Config) -> Result<Option<Alone>, OpenError> {
    if config.database.own_url().is_none() {
        master_key::make_data_directory(config)?;
    }
    Ok(store::serve_alone(&config.store())?)
}

/// Opens the database as it is.
pub fn connect(config: &Config) -> Result<Store, OpenError> {
    Ok(Store::open(&config.store())?)
}

/// Creates the data directory if the database is in it, opens the database and brings its schema up to date. Returns
/// the migrations that were applied.
pub fn open_store(config: &Config) -> Result<(Store, Vec<String>), OpenError> {
    open_store_telling(config, &Progress::default())
}

/// The same, and reports what it waits for.
pub fn open_store_telling(config: &Config, progress: &Progress) -> Result<(Store, Vec<String>), OpenError> {
    let store = connect_or_make(config, progress)?;
    let applied = store.migrate_telling(progress)?;
    Ok((store, applied))
}

/// Opens everything: afterwards all operations work. Reports what it waits for. Without the right master key nothing is
/// changed, and no key is created where the database needs another one.
pub async fn open_service(config: &Config, clock: Arc<dyn Clock>, progress: &Progress) -> Result<Service, OpenError> {
    let store = connect_or_make(config, progress)?;
    progress.at("checking whether the database needs the master key");
    // Before the schema is changed, if the database can already be read. Whatever prevents that, such as another node's
    // migration, is reported by the next step.
    if let Ok(sealed) = store.sealed_values() {
        master_key::find(config, &sealed)?;
    }
    let applied = store.migrate_telling(progress)?;
    if !applied.is_empty() {
        tracing::info!(migrations = applied.len(), "the database schema is now up to date");
    }
    progress.at("reading the master key");
    let sealed = store.sealed_values()?;
    let (found, was_made) = master_key::find_or_make(config, &sealed)?;
    if was_made {
        tracing::info!(place = found.place, "a new master key was created; back it up, separately from the database");
    }
    progress.at("reading the signing keys from the database, or creating the first one");
    let started = Service::start(config.settings()?, &found.key, store.clone(), clock).await;
    // Another node may have created its own key at the same time, and sealed something first.
    if started.is_err()
        && let Ok(sealed) = store.sealed_values()
    {
        found.check(config, &sealed, was_made)?;
    }
    Ok(started?)
}

/// Creates the data directory if the database is in it, and opens the database if it can serve this program.
fn connect_or_make(config: &Config, progress: &Progress) -> Result<Store, OpenError> {
    if config.database.own_url().is_none() {
        progress.at("creating the data directory");
        master_key::make_data_directory(config)?;
    }
    if config.is_beside {
        store::not_taken_away(&config.store())?;
    }
    store::inspect(&config.store(), progress)?;
    connect(config)
}
