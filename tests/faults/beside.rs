//! Other programs have the database open while the service runs. Nothing that it acknowledges is lost.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use rustix::process::Signal;
use secrecy::ExposeSecret;

use crate::support::{Home, Process, Record};

/// What an operator may run beside the service, each time with another `round`: our own commands, and the programs of the
/// database.
fn programs(home: &Home, directory: &Path, round: usize) -> Vec<Command> {
    let file = |name: &str| directory.join(format!("{name}-{round}")).to_str().unwrap().to_owned();
    let users = directory.join("users.ndjson");
    fs::write(&users, r#"{"username": "imported"}"#).unwrap();
    let mut programs = vec![
        home.command(&["init", "--json", "--username", "another"]),
        home.command(&["import", "--account", "acme", users.to_str().unwrap()]),
        home.command(&["migrate"]),
        home.command(&["doctor"]),
    ];
    if let Some(url) = home.database_url() {
        for query in ["SELECT count(*) FROM users", "VACUUM", "CHECKPOINT"] {
            programs.push(command("psql", &["--no-psqlrc", "--command", query, url.expose_secret()]));
        }
        programs.push(command("pg_dump", &["--format=custom", "--file", &file("dump"), url.expose_secret()]));
    } else {
        let database = home.database_file();
        programs.push(home.command(&["backup", &file("ours")]));
        for statement in [
            "SELECT count(*) FROM users",
            &format!(".backup '{}'", file("backup")),
            &format!("VACUUM INTO '{}'", file("vacuum")),
            "PRAGMA integrity_check",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "UPDATE users SET version = version WHERE username = 'nobody'",
            "VACUUM",
        ] {
            let arguments = ["-bail", "-cmd", ".timeout 60000", database.to_str().unwrap(), statement];
            programs.push(command("sqlite3", &arguments));
        }
    }
    programs
}

fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// Runs a program to its end.
async fn run(mut program: Command) {
    let what = format!("{program:?}");
    let output = tokio::task::spawn_blocking(move || program.output()).await.unwrap();
    let output = output.unwrap_or_else(|why| panic!("{what}: {why} (scripts/need installs what is missing)"));
    assert!(output.status.success(), "{what}: {output:?}");
}

/// The locks without which another program takes itself for the last one, and deletes the write-ahead log when it goes.
#[track_caller]
fn has_its_locks(home: &Home, process: &Process, after: &str) {
    let number = process.id().as_raw_nonzero().to_string();
    // A server has files of its own.
    let ends: &[&str] = if home.database_url().is_some() { &[] } else { &["", "-shm"] };
    for end in ends {
        let mut file = home.database_file().into_os_string();
        file.push(end);
        let inode = format!(":{}", fs::metadata(&file).unwrap().ino());
        let is_it = |lock: &str| {
            let fields: Vec<_> = lock.split_whitespace().skip(1).collect();
            fields[..4] == ["POSIX", "ADVISORY", "READ", number.as_str()] && fields[4].ends_with(&inode)
        };
        // The list is read in parts. It may lack a line, if others lock and unlock meanwhile.
        let all = || fs::read_to_string("/proc/locks").unwrap();
        assert!((0..20).any(|_| all().lines().any(is_it)), "after {after} no lock is left on the file{end}: {}", all());
    }
}

/// Starts a service that has data already, lets a program come by while it is quiet and while it is busy, and ends it; and
/// so with every program.
async fn programs_come_by(end: Signal) {
    let mut home = Home::new();
    let directory = tempfile::tempdir().unwrap();
    let mut process = home.serve();
    home.keep_address_of(&process);
    let account = process.account("acme").await;
    let mut record = Record::of(&account).await;
    // From here on every start finds a file that has a write-ahead log already.
    process.signal(end);
    process.wait();
    process = home.serve();
    let count = programs(&home, directory.path(), 0).len();
    for number in 0..count {
        let [quiet, busy] =
            [2 * number, 2 * number + 1].map(|round| programs(&home, directory.path(), round).swap_remove(number));
        let what = format!("{quiet:?} and {end:?}");
        has_its_locks(&home, &process, "the start");
        run(quiet).await;
        has_its_locks(&home, &process, &what);
        for more in 0..5 {
            record.add(&format!("quiet {number}-{more}")).await;
        }
        let load = record.load().await;
        record.wait_for(5).await;
        run(busy).await;
        has_its_locks(&home, &process, &what);
        record.wait_for(20).await;
        process.signal(end);
        process.ended_under(load).await;
        process = home.serve();
        record.check(&what).await;
    }
}

/// A program that has looked at the database and does not let go of what it saw.
struct Reader(Child);

impl Reader {
    fn of(home: &Home) -> Self {
        let mut program = match home.database_url() {
            Some(url) => command("psql", &["--no-psqlrc", "--quiet", "--tuples-only", url.expose_secret()]),
            None => command("sqlite3", &[home.database_file().to_str().unwrap()]),
        };
        let program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut reader = program.spawn().unwrap_or_else(|why| panic!("{why} (scripts/need installs what is missing)"));
        reader.stdin.as_mut().unwrap().write_all(b"BEGIN; SELECT 'it reads ' || count(*) FROM users;\n").unwrap();
        let lines = BufReader::new(reader.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.take(20).any(|line| line.contains("it reads ")), "it cannot read");
        Self(reader)
    }

    fn ends(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

#[tokio::test]
async fn acknowledged_changes_outlive_a_program_that_never_lets_go() {
    let mut home = Home::new();
    let mut process = home.serve();
    home.keep_address_of(&process);
    let account = process.account("acme").await;
    let mut record = Record::of(&account).await;
    let first = Reader::of(&home);
    for end in [Signal::TERM, Signal::KILL] {
        let mut reader = Some(Reader::of(&home));
        for when in ["while the program reads", "after it has ended"] {
            let load = record.load().await;
            record.wait_for(20).await;
            process.signal(end);
            process.ended_under(load).await;
            process = home.serve();
            record.check(&format!("{end:?} {when}")).await;
            // It ends when the service has just started.
            if let Some(reader) = reader.take() {
                reader.ends();
            }
        }
    }
    first.ends();
    record.check("at the end").await;
}

mod slow {
    use rustix::process::Signal;

    use super::programs_come_by;

    #[tokio::test]
    async fn acknowledged_changes_outlive_programs_beside_and_a_stop() {
        programs_come_by(Signal::TERM).await;
    }

    #[tokio::test]
    async fn acknowledged_changes_outlive_programs_beside_and_a_kill() {
        programs_come_by(Signal::KILL).await;
    }
}
