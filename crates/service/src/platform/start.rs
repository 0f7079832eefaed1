//! Starts the service.

use std::sync::Arc;

use breach::Breaches;
use kernel::Clock;
use mail::Postman;
use store::Store;

use super::prepare::prepare;
use crate::base::{
    hashing::Hashing,
    seal::MasterKey,
    service::{Core, Service},
    settings::Settings,
    tokens::KeyRing,
};

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The hashing threads cannot be started.
    #[error("the hashing threads cannot be started")]
    Threads(#[source] std::io::Error),
    /// The database does not respond, or its contents cannot be opened with this master key.
    #[error("the database cannot be used: {0}")]
    Database(#[source] crate::base::error::Error),
    /// The breached-password source cannot be used.
    #[error(transparent)]
    Breaches(#[from] breach::OpenError),
    /// The mail settings cannot be used.
    #[error("the mail settings cannot be used: {0}")]
    Mail(#[from] mail::Refused),
}

impl Service {
    /// Starts the hashing threads, creates the platform's account and the first signing key unless they exist, and
    /// loads the keys. The store has its migrations.
    pub async fn start(
        settings: Settings,
        master_key: &MasterKey,
        store: Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let hashing = Hashing::start(&settings.hashing).map_err(StartError::Threads)?;
        let breaches = Breaches::open(&settings.breaches)?;
        let postman = Postman::open(&settings.mail)?.map(Arc::new);
        let keys = KeyRing::new(settings.issuer.clone(), settings.audience.clone());
        let core = Arc::new(Core::new(settings, master_key, keys, clock));
        let service = Self { store, core, hashing: Arc::new(hashing), breaches: Arc::new(breaches), postman };
        prepare(&service).await.map_err(StartError::Database)?;
        service.look_at_costly_hashes().await.map_err(StartError::Database)?;
        Ok(service)
    }
}
