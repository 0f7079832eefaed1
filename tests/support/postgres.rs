//! A separate PostgreSQL server, for tests that stop it.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, dsl::sql, sql_types::Text};
use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

use super::process::{ended_within, pause};

/// What a test says that runs over SQLite and shows nothing there.
pub const NEEDS_POSTGRES: &str =
    "this test needs PostgreSQL: it is one of a module `on_postgres`, and scripts/with-postgres runs it";

/// The URL of a database of the server on which the tests run. Fails when they run over SQLite.
pub fn test_database_url() -> String {
    std::env::var("TEST_DATABASE_URL").expect(NEEDS_POSTGRES)
}

const PATIENCE: Duration = Duration::from_secs(60);

/// A server.
pub struct Server {
    directory: TempDir,
    programs: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl Server {
    /// A new one that runs. Fails when the tests run over SQLite.
    pub fn start() -> Self {
        test_database_url();
        let programs = programs().expect("PostgreSQL is installed: scripts/need postgresql");
        let directory = tempfile::Builder::new().prefix("latchkey-postgres-").tempdir().unwrap();
        if let Some((user, group)) = owner() {
            chown(directory.path(), Some(user), Some(group)).unwrap();
        }
        let port = free_port();
        let mut server = Self { directory, programs, port, process: None };
        let options =
            ["--pgdata=data", "--username=latchkey", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"];
        let output = server.program("initdb").args(options).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        server.resume();
        server
    }

    /// Where it is, or will be again.
    pub fn url(&self) -> String {
        format!("postgres://latchkey@127.0.0.1:{}/postgres", self.port)
    }

    /// The URL of one of its databases, for one of its users.
    pub fn url_of(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// The way in that no configuration of the network closes: the socket beside its data.
    fn socket_url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&port={}&user=latchkey", self.directory.path().display(), self.port)
    }

    /// Where it listens.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Runs statements in a database, as a superuser.
    pub fn run(&self, database: &str, statements: &str) {
        let mut conn = PgConnection::establish(&self.socket_url(database)).unwrap();
        conn.batch_execute(statements).unwrap_or_else(|why| panic!("{statements}: {why}"));
    }

    /// The texts that a query gives.
    pub fn ask(&self, database: &str, query: &str) -> Vec<String> {
        let mut conn = PgConnection::establish(&self.socket_url(database)).unwrap();
        sql::<Text>(query).load(&mut conn).unwrap()
    }

    /// Writes a file among the data, such as a configuration or a key, for the next start.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join("data").join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        if let Some((user, group)) = owner() {
            chown(&path, Some(user), Some(group)).unwrap();
        }
        path
    }

    /// Another server that follows this one, and reads only.
    pub fn standby(&self) -> Self {
        let directory = tempfile::Builder::new().prefix("latchkey-standby-").tempdir().unwrap();
        if let Some((user, group)) = owner() {
            chown(directory.path(), Some(user), Some(group)).unwrap();
        }
        let mut standby = Self { directory, programs: self.programs.clone(), port: free_port(), process: None };
        let primary = format!("host=127.0.0.1 port={} user=latchkey", self.port);
        let options = ["--pgdata=data", "--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--dbname"];
        let output = standby.program("pg_basebackup").args(options).arg(&primary).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        standby.resume();
        standby
    }

    /// Pulls the plug.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // Ends its children too, unlike a kill.
            kill_process(Pid::from_child(&process), Signal::QUIT).unwrap();
            ended_within(&mut process, PATIENCE).expect("the server ends");
        }
    }

    /// Makes it stand still, or go on: it keeps its connections and says nothing.
    pub fn freeze(&self, frozen: bool) {
        let signal = if frozen { Signal::STOP } else { Signal::CONT };
        let server = Pid::from_child(self.process.as_ref().unwrap());
        let number = server.as_raw_nonzero();
        // It first, so that it makes no new children meanwhile.
        kill_process(server, signal).unwrap();
        let children = fs::read_to_string(format!("/proc/{number}/task/{number}/children")).unwrap();
        for child in children.split_whitespace().filter_map(|child| Pid::from_raw(child.parse().ok()?)) {
            kill_process(child, signal).unwrap();
        }
    }

    /// Starts it, again on the same data, and waits until it answers.
    pub fn resume(&mut self) {
        let mut command = self.program("postgres");
        let sockets = format!("unix_socket_directories={}", self.directory.path().display());
        let port = format!("port={}", self.port);
        command.args(["-D", "data", "-c", "listen_addresses=127.0.0.1", "-c", &port, "-c", &sockets]);
        self.process = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err()
            || PgConnection::establish(&self.socket_url("postgres")).is_err()
        {
            assert!(since.elapsed() < PATIENCE, "the server does not answer");
            pause(Duration::from_millis(50));
        }
    }

    /// One of PostgreSQL's programs, which refuse to run as root.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(self.directory.path());
        if let Some((user, group)) = owner() {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A port that is free now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Where the newest programs lie.
fn programs() -> Option<PathBuf> {
    let packaged =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<_> =
        packaged.chain(std::env::split_paths(&on_path)).filter(|path| path.join("initdb").exists()).collect();
    found.sort_by_key(|path| path.components().filter_map(|part| part.as_os_str().to_str()?.parse::<u32>().ok()).max());
    found.pop()
}

/// For root: the user and the group `postgres`, or `nobody`.
pub fn owner() -> Option<(u32, u32)> {
    if !geteuid().is_root() {
        return None;
    }
    let users = fs::read_to_string(Path::new("/etc/passwd")).unwrap();
    let id_of = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    id_of("postgres").or_else(|| id_of("nobody"))
}
