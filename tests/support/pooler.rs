//! `PgBouncer` in front of a PostgreSQL server.

use std::{
    fs,
    net::TcpStream,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::{
    postgres::{Server, free_port, owner},
    process::{ended_within, pause},
};

const PATIENCE: Duration = Duration::from_secs(60);

/// A pooler that runs until it is dropped.
pub struct Pooler {
    _directory: TempDir,
    port: u16,
    process: Child,
}

impl Pooler {
    /// One with so many connections to each database of the server, handed out in this mode.
    pub fn before(server: &Server, mode: &str, connections: u16) -> Self {
        let program = program().expect("PgBouncer is installed: scripts/need pgbouncer");
        let directory = tempfile::Builder::new().prefix("latchkey-pooler-").tempdir().unwrap();
        let port = free_port();
        let (users, settings) = (directory.path().join("users"), directory.path().join("pgbouncer.ini"));
        fs::write(&users, "\"latchkey\" \"\"\n").unwrap();
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = {}\npool_mode = {mode}\ndefault_pool_size = {connections}\n\
             max_client_conn = 200\nserver_login_retry = 1\n",
            server.port(),
            users.display(),
        );
        fs::write(&settings, text).unwrap();
        let mut command = Command::new(program);
        command.arg("--quiet").arg(&settings).current_dir(directory.path());
        // It refuses to run as root.
        if let Some((user, group)) = owner() {
            for path in [directory.path(), &users, &settings] {
                chown(path, Some(user), Some(group)).unwrap();
            }
            command.uid(user).gid(group);
        }
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut pooler = Self { _directory: directory, port, process };
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(pooler.process.try_wait().unwrap().is_none(), "the pooler ended");
            assert!(since.elapsed() < PATIENCE, "the pooler does not answer");
            pause(Duration::from_millis(20));
        }
        pooler
    }

    /// A database behind it.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://latchkey@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _told = kill_process(Pid::from_child(&self.process), Signal::TERM);
        if ended_within(&mut self.process, Duration::from_secs(5)).is_none() {
            let _gone = self.process.kill();
            let _reaped = self.process.wait();
        }
    }
}

fn program() -> Option<PathBuf> {
    // Debian puts it where only root looks.
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::env::split_paths(&on_path).chain([Path::new("/usr/sbin").to_owned()]);
    all.map(|directory| directory.join("pgbouncer")).find(|program| program.exists())
}
