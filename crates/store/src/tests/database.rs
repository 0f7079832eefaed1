//! A database for each test.

use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use diesel::{Connection as _, PgConnection, SqliteConnection, connection::SimpleConnection as _};
use tempfile::TempDir;

use crate::{Conn, Store, StoreConfig};

/// A database that is dropped with this value.
pub(super) enum Database {
    File(TempDir),
    Server { admin: String, name: String },
}

impl Database {
    pub(super) fn sqlite() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    /// A new database on the server that `TEST_DATABASE_URL` names as a superuser.
    pub(super) fn postgres() -> Self {
        Self::postgres_if_any().expect(
            "this test needs PostgreSQL: it is one of a module `on_postgres`, and scripts/with-postgres runs it",
        )
    }

    /// The same, if it is set.
    fn postgres_if_any() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let admin = std::env::var("TEST_DATABASE_URL").ok()?;
        let name = format!("store_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        PgConnection::establish(&admin).unwrap().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Some(Self::Server { admin, name })
    }

    /// One of each available kind.
    pub(super) fn each() -> impl Iterator<Item = Self> {
        [Some(Self::sqlite()), Self::postgres_if_any()].into_iter().flatten()
    }

    pub(super) fn url(&self) -> String {
        match self {
            Self::File(_) => format!("sqlite://{}", self.file().display()),
            Self::Server { .. } => self.url_at(self.address().port()),
        }
    }

    pub(super) fn config(&self) -> StoreConfig {
        StoreConfig { connections: 4, ..StoreConfig::new(self.url()) }
    }

    pub(super) fn open(&self) -> Store {
        Store::open(&self.config()).unwrap()
    }

    /// A bare connection.
    pub(super) fn connect(&self) -> Conn {
        match self {
            Self::File(_) => Conn::Sqlite(SqliteConnection::establish(self.file().to_str().unwrap()).unwrap()),
            Self::Server { .. } => Conn::Postgres(PgConnection::establish(&self.url()).unwrap()),
        }
    }

    /// The SQLite file.
    pub(super) fn file(&self) -> PathBuf {
        let Self::File(dir) = self else { panic!("a server has no file") };
        dir.path().join("test.db")
    }

    /// Where the server listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.parts().1.to_socket_addrs().unwrap().next().unwrap()
    }

    /// The database, on a port of this machine.
    pub(super) fn url_at(&self, port: u16) -> String {
        let Self::Server { name, .. } = self else { panic!("a file has no port") };
        format!("postgres://{}@127.0.0.1:{port}/{name}", self.parts().0)
    }

    pub(super) fn password(&self) -> &str {
        self.parts().0.split_once(':').map_or("no password", |(_, password)| password)
    }

    /// `user:password` and `host:port`.
    fn parts(&self) -> (&str, &str) {
        let Self::Server { admin, .. } = self else { panic!("a file has no address") };
        let (_, rest) = admin.split_once("://").unwrap();
        rest.split_once('/').unwrap().0.rsplit_once('@').unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Server { admin, name } = self {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            let _gone = PgConnection::establish(admin).map(|mut admin| admin.batch_execute(&drop));
        }
    }
}
