//! The service, and what its use cases share.

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

/// What transactions may use: it is passed to their closures.
pub(crate) struct Core {
    pub(crate) settings: Settings,
    pub(crate) sealer: Sealer,
    pub(crate) keys: KeyRing,
    /// Wakes the worker of this process when an import has arrived.
    pub(crate) import_came: tokio::sync::Notify,
    /// Wakes the worker of this process when a bulk job has arrived.
    pub(crate) bulk_job_came: tokio::sync::Notify,
    /// Wakes the worker of this process when a mail has arrived.
    pub(crate) mail_came: tokio::sync::Notify,
    pub(crate) prepared_words: PreparedWords,
    /// The most costly imported hash, which sets how long failed logins take.
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
    /// Delivers mails to their server, if one is configured.
    pub(crate) postman: Option<Arc<Postman>>,
}

impl Service {
    /// Whether the database can be reached and has all migrations.
    pub async fn is_ready(&self) -> crate::base::error::Result<()> {
        Ok(self.store.is_ready().await?)
    }

    /// Whether the database accepts writes: it writes something small, at most once a second.
    pub async fn takes_writes(&self) -> crate::base::error::Result<()> {
        Ok(self.store.takes_writes().await?)
    }

    /// Resolves when the database is closed, once the last clone of the service is gone.
    pub fn closed(&self) -> Closed {
        self.store.closed()
    }

    /// The current time, by the service's clock.
    pub fn now(&self) -> Time {
        self.core.now()
    }

    /// Requires a sign-in that is recent enough for a sensitive operation.
    pub fn step_up(&self, actor: &crate::base::model::Actor) -> crate::base::error::Result<()> {
        actor.recently_signed_in(self.core.settings.step_up_max_age, self.now())
    }
}
