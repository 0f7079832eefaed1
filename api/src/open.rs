//! From a configuration to a service: the data directory, the master key, the database and its migrations.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use kernel::{Clock, OsRandom};
use secrecy::ExposeSecret;
use service::{MasterKey, MasterKeyError, Service};
use store::{MigrateError, Progress, Store, Unfit};

use crate::config::{Config, Invalid};

/// Why the service cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory cannot be made.
    #[error("the data directory {} cannot be made: {source}", path.display())]
    DataDirectory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] Invalid),
    /// There is no master key.
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    /// The database cannot serve this program.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] store::OpenError),
    /// The database cannot be migrated.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The service cannot start.
    #[error(transparent)]
    Service(#[from] service::StartError),
}

/// Opens the database as it is.
pub fn connect(config: &Config) -> Result<Store, OpenError> {
    Ok(Store::open(&config.store())?)
}

/// Makes the data directory if it is needed, opens the database and brings its schema up to date. Says which migrations
/// were applied.
pub fn open_store(config: &Config) -> Result<(Store, Vec<String>), OpenError> {
    open_store_telling(config, &Progress::default())
}

/// The same, and says meanwhile what it waits for.
pub fn open_store_telling(config: &Config, progress: &Progress) -> Result<(Store, Vec<String>), OpenError> {
    progress.at("making the data directory");
    if config.needs_data_dir() {
        make_directory(&config.data_dir)
            .map_err(|source| OpenError::DataDirectory { path: config.data_dir.clone(), source })?;
    }
    store::inspect(&config.store(), progress)?;
    let store = connect(config)?;
    let applied = store.migrate_telling(progress)?;
    Ok((store, applied))
}

/// Opens everything: afterwards all verbs work. Says meanwhile what it waits for.
pub async fn open_service(config: &Config, clock: Arc<dyn Clock>, progress: &Progress) -> Result<Service, OpenError> {
    let (store, applied) = open_store_telling(config, progress)?;
    if !applied.is_empty() {
        tracing::info!(migrations = applied.len(), "the database schema is up to date now");
    }
    progress.at("reading the master key");
    let master_key = match existing_master_key(config)? {
        Some(key) => key,
        None => MasterKey::load_or_create(&generated_key(config), &mut OsRandom)?,
    };
    progress.at("reading the signing keys from the database, or making the first");
    Ok(Service::start(config.settings()?, &master_key, store, clock).await?)
}

/// The configured key, or the one that was generated before; `None` if there is none yet.
pub fn existing_master_key(config: &Config) -> Result<Option<MasterKey>, MasterKeyError> {
    if let Some(text) = &config.keys.master_key {
        return MasterKey::parse(text.expose_secret()).map(Some);
    }
    let generated = generated_key(config);
    match &config.keys.master_key_file {
        Some(path) => MasterKey::load(path).map(Some),
        None if generated.exists() => MasterKey::load(&generated).map(Some),
        None => Ok(None),
    }
}

fn generated_key(config: &Config) -> PathBuf {
    config.data_dir.join("master.key")
}

/// For its owner only: the database and the keys lie there.
fn make_directory(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}
