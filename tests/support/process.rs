//! The real binary in its own process, with the machine's clock, real hashes and real disk syncs.

use std::{
    borrow::BorrowMut,
    fs,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::{Account, Client, database::Database, postgres::test_database_url};

/// No start and no end takes that long, even on a machine with much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A place where the binary runs: a directory and a database that nobody else has.
pub struct Home {
    place: Arc<Place>,
    environment: Vec<(String, String)>,
}

/// What goes when the last user of it does.
struct Place {
    directory: TempDir,
    database: Option<Database>,
}

impl Home {
    /// An empty one.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// An empty one with this configuration, such as `("SERVER__HEAD_SECONDS", "1")`.
    pub fn with(configuration: &[(&str, &str)]) -> Self {
        let database = Database::empty();
        let url = database.url().map(|url| url.expose_secret().to_owned());
        Self::make(Some(database), url.as_deref(), configuration)
    }

    /// An empty one whose database is a file, whatever database the tests run on.
    pub fn on_sqlite() -> Self {
        Self::make(None, None, &[])
    }

    /// An empty one whose database is on a server. Fails when the tests run on SQLite.
    pub fn on_postgres() -> Self {
        test_database_url();
        Self::new()
    }

    /// One whose database is somebody else's.
    pub fn at(database_url: &str, configuration: &[(&str, &str)]) -> Self {
        Self::make(None, Some(database_url), configuration)
    }

    fn make(database: Option<Database>, database_url: Option<&str>, configuration: &[(&str, &str)]) -> Self {
        let directory = tempfile::Builder::new().prefix("latchkey-process-").tempdir().unwrap();
        let place = Arc::new(Place { directory, database });
        let mut home = Self { place, environment: Vec::new() };
        home.set("SERVER__BIND", "127.0.0.1:0");
        home.set("SERVER__WORKERS", "2");
        // The issuer of tokens: the same whichever port the system chooses.
        home.set("SERVER__PUBLIC_URL", "https://id.example.org");
        if let Some(url) = database_url {
            home.set("DATABASE__URL", url);
        }
        for (key, value) in configuration {
            home.set(key, value);
        }
        home
    }

    /// Changes the configuration.
    pub fn set(&mut self, key: &str, value: &str) {
        self.environment.push((format!("LATCHKEY__{key}"), value.to_owned()));
    }

    /// Sets a variable that is not one of the service's own.
    pub fn set_variable(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// From now on the service listens where `process` does, so that handles outlive a restart.
    pub fn keep_address_of(&mut self, process: &Process) {
        self.set("SERVER__BIND", &process.address.to_string());
    }

    /// The data directory, which the binary makes.
    pub fn data(&self) -> PathBuf {
        self.place.directory.path().join("data")
    }

    /// The file of the database, if it is SQLite.
    pub fn database_file(&self) -> PathBuf {
        self.data().join("latchkey.db")
    }

    /// Fails when a log of SQLite is left beside the file: whoever copies the file of a service that ended has everything.
    #[track_caller]
    pub fn is_in_one_file(&self) {
        for end in ["wal", "shm"] {
            let left = self.data().join(format!("latchkey.db-{end}"));
            assert!(!left.exists(), "{}", left.display());
        }
    }

    /// The key that opens everything.
    pub fn master_key(&self) -> String {
        fs::read_to_string(self.data().join("master.key")).unwrap()
    }

    /// The URL of the PostgreSQL database, if it is one.
    pub fn database_url(&self) -> Option<SecretString> {
        self.place.database.as_ref().and_then(Database::url)
    }

    /// The binary with these arguments and the configuration of this place and no other.
    pub fn command(&self, arguments: &[&str]) -> Command {
        command(self.place.directory.path(), &self.environment, arguments)
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Makes a platform administrator with `init --json`.
    #[track_caller]
    pub fn init(&self, username: &str) -> Value {
        init(&mut self.command(&["init", "--json", "--username", username]))
    }

    /// Starts a command and waits for nothing.
    pub fn begin(&self, arguments: &[&str]) -> Begun {
        Begun::start(self.command(arguments), Arc::clone(&self.place))
    }

    /// Starts the service and waits until it listens.
    #[track_caller]
    pub fn serve(&self) -> Process {
        self.started(self.command(&["serve"]))
    }

    /// The same by another program, which takes the command to run and becomes it, as `nohup` does.
    #[track_caller]
    pub fn serve_by(&self, program: &str) -> Process {
        self.serve_under(Command::new(program))
    }

    /// Starts the service so that `recorder`, a program that runs other programs in its place, sees what it does.
    #[track_caller]
    pub fn serve_under(&self, mut recorder: Command) -> Process {
        recorder.args([PROGRAM, "serve"]).current_dir(self.place.directory.path());
        self.started(recorder.env_clear().envs(self.environment.iter().cloned()))
    }

    #[track_caller]
    fn started(&self, command: impl BorrowMut<Command>) -> Process {
        Process::start(command, Arc::clone(&self.place), self.environment.clone())
    }
}

/// The binary.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_latchkey");

fn command(directory: &Path, environment: &[(String, String)], arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(directory).env_clear().envs(environment.iter().cloned());
    command
}

#[track_caller]
fn init(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {output:?}"))
}

/// A command under way. It is killed when it is dropped.
pub struct Begun {
    child: Child,
    output: Arc<Mutex<String>>,
    _place: Arc<Place>,
}

impl Begun {
    fn start(mut command: Command, place: Arc<Place>) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take().unwrap(), &output, None);
        collect(child.stderr.take().unwrap(), &output, None);
        Self { child, output, _place: place }
    }

    /// All that it has printed.
    pub fn output(&self) -> String {
        self.output.lock().unwrap().clone()
    }

    /// Waits until it has printed this.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        let since = Instant::now();
        while !self.output().contains(text) {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended without saying {text:?}: {ended:?}: {}", self.output());
            assert!(since.elapsed() < PATIENCE, "it does not say {text:?}: {}", self.output());
            pause(Duration::from_millis(10));
        }
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        ended_within(&mut self.child, PATIENCE).unwrap_or_else(|| panic!("it does not end: {}", self.output()))
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A running service. It is killed when it is dropped.
pub struct Process {
    child: Child,
    address: SocketAddr,
    output: Arc<Mutex<String>>,
    client: Client,
    // Dropped last: the process has files open in it.
    _place: Arc<Place>,
}

impl Process {
    #[track_caller]
    fn start(mut serve: impl BorrowMut<Command>, place: Arc<Place>, environment: Vec<(String, String)>) -> Self {
        let mut child =
            serve.borrow_mut().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = Arc::new(Mutex::new(String::new()));
        let (listening, address) = mpsc::channel();
        collect(child.stdout.take().unwrap(), &output, None);
        collect(child.stderr.take().unwrap(), &output, Some(listening));
        let address = address.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            let _gone = child.kill();
            panic!("the service does not listen: {}", output.lock().unwrap())
        });
        let directory = place.directory.path().to_owned();
        let client = Client::of_process(address, move |username| {
            let made = init(&mut command(&directory, &environment, &["init", "--json", "--username", username]));
            made["activation_code"].as_str().unwrap().to_owned()
        });
        Self { child, address, output, client, _place: place }
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client without credentials.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// A new account.
    pub async fn account(&self, slug: &str) -> Account {
        Account::create(&self.client, slug, slug).await
    }

    /// All that it has printed.
    pub fn output(&self) -> String {
        self.output.lock().unwrap().clone()
    }

    /// Ends it without warning. What it has handed over to the system stays, unlike at a loss of power.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.id(), signal).unwrap();
    }

    /// The number of the process.
    pub fn id(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Takes its terminal away.
    pub fn hang_up(&self) {
        self.signal(Signal::HUP);
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        ended_within(&mut self.child, PATIENCE).expect("the process ends")
    }

    /// Waits for its end, and until those have given up who asked it for something.
    pub async fn ended_under(&mut self, mut load: JoinSet<()>) {
        self.wait();
        while let Some(given_up) = load.join_next().await {
            given_up.unwrap();
        }
    }

    /// Waits for its end, which has to be a success: neither an error nor a signal.
    #[track_caller]
    pub fn wait_for_success(&mut self) {
        let status = self.wait();
        let output = self.output();
        let last: Vec<&str> = output.lines().skip(output.lines().count().saturating_sub(10)).collect();
        assert!(status.success(), "{status}: {}", last.join("\n"));
    }

    /// Whether it has not ended.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The end of a process, if it comes in time.
pub fn ended_within(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let since = Instant::now();
    loop {
        match child.try_wait().unwrap() {
            Some(status) => return Some(status),
            None if since.elapsed() > limit => return None,
            None => pause(Duration::from_millis(10)),
        }
    }
}

/// Lets real time pass, for what happens in another process.
pub fn pause(time: Duration) {
    let (_sender, receiver) = mpsc::channel::<()>();
    let _nothing = receiver.recv_timeout(time);
}

/// Gathers what comes out of a pipe. The first line that tells of an address is told on.
fn collect(pipe: impl Read + Send + 'static, output: &Arc<Mutex<String>>, listening: Option<mpsc::Sender<SocketAddr>>) {
    let output = Arc::clone(output);
    thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            output.lock().unwrap().extend([&*line, "\n"]);
            let address = line.split_once("listening on http://").and_then(|(_, rest)| rest.split(',').next());
            if let (Some(listening), Some(address)) = (&listening, address) {
                // Nobody waits any more for the second of two lines.
                let _told = listening.send(address.parse().unwrap());
            }
        }
    });
}
