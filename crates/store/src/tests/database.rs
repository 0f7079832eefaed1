//! Databases of their own for tests.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::{Connection as _, PgConnection, connection::SimpleConnection as _};
use tempfile::TempDir;

use crate::{Store, StoreConfig};

/// A database that goes when this value does.
pub(super) enum Database {
    File(TempDir),
    Server { admin: String, name: String },
}

impl Database {
    pub(super) fn sqlite() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    /// A new database on the server that `TEST_DATABASE_URL` names as a superuser, if it is set.
    pub(super) fn postgres() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let admin = std::env::var("TEST_DATABASE_URL").ok()?;
        let name = format!("store_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        PgConnection::establish(&admin).unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Some(Self::Server { admin, name })
    }

    /// One of each kind there is.
    pub(super) fn each() -> impl Iterator<Item = Self> {
        [Some(Self::sqlite()), Self::postgres()].into_iter().flatten()
    }

    pub(super) fn url(&self) -> String {
        match self {
            Self::File(dir) => format!("sqlite://{}", dir.path().join("test.db").display()),
            Self::Server { admin, name } => {
                let (server, _) = admin.rsplit_once('/').unwrap();
                format!("{server}/{name}")
            }
        }
    }

    pub(super) fn config(&self) -> StoreConfig {
        StoreConfig { connections: 4, ..StoreConfig::new(self.url()) }
    }

    pub(super) fn open(&self) -> Store {
        Store::open(&self.config()).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Server { admin, name } = self {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            // A test that stops the server leaves nothing to clean on it.
            let _gone = PgConnection::establish(admin).map(|mut admin| admin.batch_execute(&drop));
        }
    }
}
