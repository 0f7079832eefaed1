//! The service and what its verbs share.

use std::sync::Arc;

use breach::Breaches;
use kernel::{Clock, Time};
use mail::Postman;
use store::{Closed, Store};

use crate::base::{
    hashing::{Costliest, Hashing},
    prepared_words::PreparedWords,
    seal::{MasterKey, Sealer},
    settings::Settings,
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
    pub(crate) fn new(settings: Settings, master_key: &MasterKey, keys: KeyRing, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings,
            sealer: Sealer::new(master_key),
            keys,
            import_came: tokio::sync::Notify::new(),
            bulk_job_came: tokio::sync::Notify::new(),
            mail_came: tokio::sync::Notify::new(),
            prepared_words: PreparedWords::default(),
            costliest: Costliest::default(),
            clock,
        }
    }

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

impl Service {
    /// Whether the database can be reached and has all migrations.
    pub async fn is_ready(&self) -> crate::base::error::Result<()> {
        Ok(self.store.is_ready().await?)
    }

    /// Whether the database takes writes: it writes something small, once a second at most.
    pub async fn takes_writes(&self) -> crate::base::error::Result<()> {
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
    pub fn step_up(&self, actor: &crate::base::model::Actor) -> crate::base::error::Result<()> {
        actor.recently_signed_in(self.core.settings.step_up_max_age, self.now())
    }
}
