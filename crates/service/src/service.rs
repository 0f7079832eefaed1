//! The service and what its verbs share.

use std::sync::Arc;

use breach::Breaches;
use kernel::{Clock, Time};
use mail::Postman;
use store::{Closed, Store};

use crate::{
    MasterKey, Settings,
    hashing::{Costliest, Hashing},
    password_policies::PreparedWords,
    platform,
    seal::Sealer,
    tokens::KeyRing,
};

/// What transactions may use: it goes into their closures.
pub(crate) struct Core {
    pub(crate) settings: Settings,
    pub(crate) sealer: Sealer,
    pub(crate) keys: KeyRing,
    /// Tells the worker of this process that a file came.
    pub(crate) import_came: tokio::sync::Notify,
    /// Tells the worker of this process that a bulk job came.
    pub(crate) bulk_job_came: tokio::sync::Notify,
    /// Tells the worker of this process that a mail came.
    pub(crate) mail_came: tokio::sync::Notify,
    pub(crate) prepared_words: PreparedWords,
    /// What failed logins have to take because of costly imported hashes.
    pub(crate) costliest: Costliest,
    clock: Arc<dyn Clock>,
}

impl Core {
    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }
}

/// All use cases. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    pub(crate) store: Store,
    pub(crate) core: Arc<Core>,
    pub(crate) hashing: Arc<Hashing>,
    pub(crate) breaches: Arc<Breaches>,
    /// Who brings mails to their server, if one is set.
    pub(crate) postman: Option<Arc<Postman>>,
}

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The hashing threads cannot be started.
    #[error("the hashing threads cannot be started")]
    Threads(#[source] std::io::Error),
    /// The database does not answer, or what it holds cannot be opened with this master key.
    #[error("the database cannot be used: {0}")]
    Database(#[source] crate::Error),
    /// What is known of breaches cannot be asked.
    #[error(transparent)]
    Breaches(#[from] breach::OpenError),
    /// Mails cannot be sent as they are to be.
    #[error("the mail settings cannot be used: {0}")]
    Mail(#[from] mail::Refused),
}

impl Service {
    /// Starts the hashing threads, makes the platform's account and the first signing key unless they are there, and
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
        let core = Arc::new(Core {
            settings,
            sealer: Sealer::new(master_key),
            keys,
            import_came: tokio::sync::Notify::new(),
            bulk_job_came: tokio::sync::Notify::new(),
            mail_came: tokio::sync::Notify::new(),
            prepared_words: PreparedWords::default(),
            costliest: Costliest::default(),
            clock,
        });
        let service = Self { store, core, hashing: Arc::new(hashing), breaches: Arc::new(breaches), postman };
        platform::prepare(&service).await.map_err(StartError::Database)?;
        service.look_at_costly_hashes().await.map_err(StartError::Database)?;
        Ok(service)
    }

    /// Whether the database can be reached and has all migrations.
    pub async fn is_ready(&self) -> crate::Result<()> {
        Ok(self.store.is_ready().await?)
    }

    /// Whether the database takes writes: it writes something small, once a second at most.
    pub async fn takes_writes(&self) -> crate::Result<()> {
        Ok(self.store.takes_writes().await?)
    }

    /// Tells when the database is closed, after the last clone of the service has gone.
    pub fn closed(&self) -> Closed {
        self.store.closed()
    }

    /// The present moment, by the service's clock.
    pub fn now(&self) -> Time {
        self.core.now()
    }

    /// How old a sign-in may be for a sensitive operation.
    pub fn step_up(&self, actor: &crate::Actor) -> crate::Result<()> {
        actor.recently_signed_in(self.core.settings.step_up_max_age, self.now())
    }
}
