//! The application under test.

use std::{net::SocketAddr, sync::Arc, thread};

use api::{
    config::Config,
    server::{self, Running},
};
use chrono::{DateTime, TimeDelta};
use diesel::{
    Connection, PgConnection, RunQueryDsl, SqliteConnection,
    connection::{LoadConnection, SimpleConnection},
    dsl::sql,
    expression::SqlLiteral,
    query_dsl::LoadQuery,
    sql_types::Text,
};
use kernel::{ManualClock, Time};
use tempfile::TempDir;

use super::{Account, Call, Client, User, database::Database};

/// When every test begins: in the middle of a step of thirty seconds.
fn start_of_time() -> Time {
    DateTime::from_timestamp(1_800_000_015, 0).unwrap()
}

/// A service of its own: with a port, a data directory, a database and a clock that nobody else has. It stops, and leaves
/// nothing behind, when it is dropped.
pub struct TestApp {
    client: Client,
    config: Config,
    running: Option<Running>,
    // Dropped last: the service has files open in it.
    _directory: TempDir,
    _database: Database,
}

impl TestApp {
    /// Starts the service as it is by default, but for hashes that cost nothing.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts the service with another configuration.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let directory = tempfile::Builder::new().prefix("latchkey-test-").tempdir().unwrap();
        let database = Database::create();
        let mut config = Config { data_dir: directory.path().join("data"), ..Config::default() };
        config.server.bind.set_port(0);
        config.server.workers = Some(1);
        config.server.shutdown_seconds = 0;
        config.server.public_url = Some("https://id.example.org".to_owned());
        config.database.url = database.url();
        config.database.connections = 2;
        config.password_hashing.weak_for_tests = true;
        config.password_hashing.threads = Some(1);
        config.login.failed_takes_milliseconds = 0;
        // A test says itself when.
        config.maintenance.every_seconds = 0;
        change(&mut config);
        config.validate().unwrap();
        Database::put_file(&config);

        let clock = Arc::new(ManualClock::new(start_of_time()));
        let running = server::start(&config, clock.clone()).await.unwrap();
        config.server.bind = running.address().into();
        let client = Client::new(running.address(), clock, running.service().clone());
        Self { client, config, running: Some(running), _directory: directory, _database: database }
    }

    /// Ends the service and starts it again on the same data, as after an upgrade. Handles go on to work.
    pub async fn restart(&mut self) {
        self.restart_with(|_| {}).await;
    }

    /// The same with another configuration.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        stop(self.running.take());
        change(&mut self.config);
        let running = server::start(&self.config, self.client.clock().clone()).await.unwrap();
        self.client.replace_service(running.service().clone());
        self.running = Some(running);
    }

    /// From now on bulk jobs, imports and mails wait: a test that does something in the middle of such work says itself how
    /// far the work is, with [`Self::take_bulk_job_turn`] and [`Self::take_import_turn`].
    pub async fn pause_workers(&mut self) {
        self.restart_with(|config| config.workers.enabled = false).await;
    }

    /// From now on the work goes on by itself.
    pub async fn resume_workers(&mut self) {
        self.restart_with(|config| config.workers.enabled = true).await;
    }

    /// One turn of the account whose turn it is: 1,000 users or fewer of its bulk jobs.
    pub async fn take_bulk_job_turn(&self) {
        assert_eq!(self.service().take_bulk_job_turn().await, Ok(true), "there is a bulk job");
    }

    /// One turn of the account whose turn it is: 1,000 records or fewer of its imports.
    pub async fn take_import_turn(&self) {
        assert_eq!(self.service().take_import_turn().await, Ok(true), "there is an import");
    }

    /// The first column of what the database itself says, for promises about what is kept. One query for both databases.
    pub fn look_into_database(&self, query: &str) -> Vec<String> {
        let url = self.config.store().url;
        match url.strip_prefix("sqlite://") {
            Some(file) => texts(&mut SqliteConnection::establish(file).unwrap(), query),
            None => texts(&mut PgConnection::establish(&url).unwrap(), query),
        }
    }

    /// Runs statements behind the service's back, for what no request can bring about: `sqlite` or `postgres`.
    pub fn change_database(&self, sqlite: &str, postgres: &str) {
        let url = self.config.store().url;
        match url.strip_prefix("sqlite://") {
            Some(file) => {
                let mut conn = SqliteConnection::establish(file).unwrap();
                conn.batch_execute(&format!("PRAGMA busy_timeout = 10000; {sqlite}")).unwrap();
            }
            None => PgConnection::establish(&url).unwrap().batch_execute(postgres).unwrap(),
        }
    }

    /// The same with one statement for both databases.
    pub fn tamper_with_database(&self, statement: &str) {
        self.change_database(statement, statement);
    }

    /// The clock that the service looks at.
    pub fn now(&self) -> Time {
        self.client.now()
    }

    /// Lets time pass.
    pub fn wait(&self, time: TimeDelta) {
        self.client.clock().advance(time);
    }

    /// Lets pass as much time as an authenticator app needs for a new code.
    pub fn wait_for_next_code(&self) {
        self.wait(TimeDelta::seconds(30));
    }

    /// The service, for what the operator's process does from time to time.
    pub fn service(&self) -> service::Service {
        self.client.service()
    }

    /// How it was started.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where it listens.
    ///
    /// # Panics
    /// When it has been stopped.
    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().address()
    }

    /// A client without credentials.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The beginning of a request without a credential.
    pub fn call(&self, method: &str, path: &str) -> Call {
        self.client.call(method, path)
    }

    /// The first administrator of the platform, activated, with a session.
    pub async fn platform_admin(&self) -> User {
        self.client.platform_admin().await
    }

    /// A new account with this short name; its name for people is the same.
    pub async fn account(&self, slug: &str) -> Account {
        Account::create(&self.client, slug, slug).await
    }

    /// A new account with a short name and another for people.
    pub async fn account_named(&self, slug: &str, name: &str) -> Account {
        Account::create(&self.client, slug, name).await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        stop(self.running.take());
    }
}

fn texts<C: LoadConnection>(conn: &mut C, query: &str) -> Vec<String>
where
    SqlLiteral<Text>: LoadQuery<'static, C, String>,
{
    sql::<Text>(query).load(conn).unwrap()
}

/// Waits until the server and its threads are gone. On a thread of its own, since a test's runtime cannot wait in `drop`.
pub fn stop(running: Option<Running>) {
    let Some(running) = running else { return };
    let stopping = thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(running.stop())
    });
    let stopped = stopping.join();
    // A second panic would hide the first.
    if !thread::panicking() {
        stopped.unwrap().unwrap();
    }
}
