//! A database for every test.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use api::{config::Config, open::open_store};
use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::BigInt};
use secrecy::SecretString;

/// The key of the lock under which the template is made; any number will do that nobody else takes.
const LOCK: i64 = 0x626C_6163_6B62_6F78;

/// Where the service keeps its data.
pub enum Database {
    /// In a file of the data directory.
    Sqlite,
    /// In a database of the server that `TEST_DATABASE_URL` names.
    Postgres {
        /// The URL of another database of this server, from where databases are made and dropped.
        server: String,
        /// The name of this one.
        name: String,
    },
}

impl Database {
    /// A new database with all tables: in PostgreSQL when `TEST_DATABASE_URL` is set, else in a file.
    pub fn create() -> Self {
        Self::make(template)
    }

    /// A new database without a table.
    pub fn empty() -> Self {
        Self::make(|_| "template1".to_owned())
    }

    /// Puts a file with all tables where the configuration has its database, if that is a file that is not there yet.
    pub fn put_file(config: &Config) {
        let url = config.store().url;
        let Some(file) = url.strip_prefix("sqlite://").map(Path::new).filter(|file| !file.exists()) else { return };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(file.parent().unwrap()).unwrap();
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).unwrap();
        // Closed again before SQLite opens it.
        file.write_all(&FILE).unwrap();
    }

    fn make(template: impl Fn(&str) -> String) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else { return Self::Sqlite };
        let template = template(&server);
        let name = format!("black_box_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        run(&mut connect(&server), &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self::Postgres { server, name }
    }

    /// What the configuration has to say; nothing for the default.
    pub fn url(&self) -> Option<SecretString> {
        match self {
            Self::Sqlite => None,
            Self::Postgres { server, name } => Some(url_of(server, name).into()),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres { server, name } = self {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            let dropped = PgConnection::establish(server).map(|mut conn| conn.batch_execute(&drop));
            if !std::thread::panicking() {
                dropped.unwrap().unwrap();
            }
        }
    }
}

/// The file with the tables of today's migrations and nothing in them. Writing it takes a fraction of the time that the
/// migrations take.
static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let directory = tempfile::tempdir().unwrap();
    let config = Config { data_dir: directory.path().to_owned(), ..Config::default() };
    let (store, _applied) = open_store(&config).unwrap();
    let closed = store.closed();
    drop(store);
    assert!(closed.wait(Duration::from_secs(60)), "closed, and with it the log is in the file");
    let url = config.store().url;
    let file = url.strip_prefix("sqlite://").unwrap();
    assert!(!Path::new(&format!("{file}-wal")).exists(), "nothing is left in the log");
    fs::read(file).unwrap()
});

/// The database with the tables of today's migrations and nothing in them, made by whichever test comes first. Copying it
/// takes a fraction of the time that the migrations take.
fn template(server: &str) -> String {
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }

    let name = format!("black_box_template_{:016x}", fingerprint());
    let mut conn = connect(server);
    run(&mut conn, &format!("SELECT pg_advisory_lock({LOCK})"));
    // Closed to connections once it is complete.
    let complete = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}' AND NOT datallowconn");
    if sql_query(complete).get_result::<Found>(&mut conn).unwrap().count == 0 {
        run(&mut conn, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        run(&mut conn, &format!("CREATE DATABASE {name}"));
        migrate(url_of(server, &name));
        run(&mut conn, &format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"));
        run(&mut conn, &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    }
    // The lock goes with the connection.
    name
}

fn migrate(url: String) {
    let directory = tempfile::tempdir().unwrap();
    let mut config = Config { data_dir: directory.path().to_owned(), ..Config::default() };
    config.database.url = Some(url.into());
    open_store(&config).unwrap();
}

/// Tells the migrations of today from those of another day, for a server that outlives the tests.
fn fingerprint() -> u64 {
    let trail = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/postgres");
    let mut migrations: Vec<_> = fs::read_dir(trail).unwrap().map(|entry| entry.unwrap().path()).collect();
    migrations.sort();
    let mut hasher = DefaultHasher::new();
    for up in migrations.iter().map(|migration| migration.join("up.sql")).filter(|up| up.is_file()) {
        fs::read(up).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap()
}

fn run(conn: &mut PgConnection, statement: &str) {
    conn.batch_execute(statement).unwrap_or_else(|why| panic!("{statement}: {why}"));
}

/// The URL of another database of the same server.
fn url_of(server: &str, name: &str) -> String {
    let (address, _) = server.rsplit_once('/').unwrap();
    format!("{address}/{name}")
}
