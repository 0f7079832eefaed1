//! The database can be read but accepts no writes: the disk is full, or the server read-only. `/readyz` fails, with
//! `writes: false`, and succeeds again when it is over.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{Process, Reply, Session, TestApp, in_parallel, process::pause};

/// How long something may take on a busy machine that happens by itself.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

/// A small disk of its own. It is gone when it is dropped.
struct Disk(PathBuf);

impl Disk {
    /// Mounts it, which only root may do.
    fn at(path: &Path, size: &str) -> Self {
        let options = format!("size={size},mode=0700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(path).output().unwrap();
        assert!(mounted.status.success(), "this test mounts a disk, so it runs as root: {mounted:?}");
        Self(path.to_owned())
    }

    fn fill(&self) {
        let mut filler = File::create(self.0.join("filler")).unwrap();
        let mut size = 64 * 1024;
        while size > 0 {
            if filler.write_all(&vec![0; size]).is_err() {
                size /= 2;
            }
        }
    }

    fn clear(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

async fn ready(process: &Process) -> Reply {
    process.client().call("GET", "/readyz").send().await
}

#[track_caller]
fn says_no(reply: &Reply) {
    let problem = reply.problem(503, "database_unavailable");
    assert_eq!(problem["writes"], false, "{problem:?}");
}

async fn until_ready(process: &Process) {
    let since = Instant::now();
    loop {
        let reply = ready(process).await;
        if reply.status == 200 {
            assert_eq!(reply.ok(200), json!({ "status": "ready", "writes": true }));
            return;
        }
        assert!(since.elapsed() < LONG_ENOUGH, "it does not come back: {reply:?}: {}", process.output());
        pause(Duration::from_millis(50));
    }
}

/// Creates users until one finds no place.
async fn write_until_refused(session: &Session, path: &str, round: usize) -> usize {
    for number in 0..20_000 {
        let new = json!({ "username": format!("user {round} {number}"), "display_name": "x".repeat(100) });
        let reply = session.call("POST", path).json(&new).send().await;
        if reply.status != 201 {
            reply.problem(503, "database_unavailable");
            return number;
        }
    }
    panic!("the disk is never full");
}

async fn a_full_disk_is_told(process: &Process, disk: &Disk) {
    let account = process.account("acme").await;
    let session = account.admin(&["account_settings", "user_permissions"]).await.sign_in().await;
    let path = account.path("/users");
    let mut kept = 0;
    for round in 0..2 {
        until_ready(process).await;
        disk.fill();
        kept += write_until_refused(&session, &path, round).await;
        // At once, although a probe may have found it well a moment ago.
        says_no(&ready(process).await);
        // Reading goes on.
        process.client().call("GET", "/healthz").send().await.ok(200);
        session.get(&path).await.ok(200);
        for _ in 0..3 {
            pause(Duration::from_millis(1100));
            says_no(&ready(process).await);
        }
        disk.clear();
        until_ready(process).await;
        let new = json!({ "username": format!("after {round}") });
        session.call("POST", &path).json(&new).send().await.ok(201);
        kept += 1;
    }
    // The administrator too.
    let count = session.get(&account.path("")).await.ok(200)["user_count"].as_u64().unwrap();
    assert_eq!(count, u64::try_from(kept).unwrap() + 1, "what was answered is there, and nothing else");
}

/// Many ask again and again, and each is told that the database accepts writes.
async fn many_ask(app: &TestApp) {
    for _ in 0..5 {
        for reply in in_parallel(100, |_| app.call("GET", "/readyz").send()).await {
            assert_eq!(reply.ok(200)["writes"], true);
        }
    }
}

/// A server counts the bytes of its log, of which a probe writes some: how many probes there were is shown on SQLite.
#[tokio::test]
async fn however_many_ask_at_once_each_is_told_that_writes_are_accepted() {
    many_ask(&TestApp::start().await).await;
}

mod on_sqlite {
    use std::{fs, time::Instant};

    use super::{Disk, a_full_disk_is_told, many_ask};
    use crate::support::{Home, TestApp};

    #[tokio::test]
    async fn a_full_disk_of_sqlite_is_told_and_so_is_its_end() {
        let home = Home::on_sqlite();
        fs::create_dir(home.data()).unwrap();
        let disk = Disk::at(&home.data(), "8m");
        let process = home.serve();
        a_full_disk_is_told(&process, &disk).await;
        drop(process);
    }

    /// A probe counts a number up.
    #[tokio::test]
    async fn however_many_ask_one_probe_a_second_is_written() {
        let app = TestApp::with(|config| config.database.url = None).await;
        let probes =
            || app.look_into_database("SELECT CAST(user_version AS TEXT) FROM pragma_user_version")[0].parse::<u64>();
        let since = Instant::now();
        let before = probes().unwrap();
        many_ask(&app).await;
        let probed = probes().unwrap() - before;
        assert!(probed >= 1, "nothing was probed");
        assert!(probed <= since.elapsed().as_secs() + 1, "{probed} probes in {:?}", since.elapsed());
    }
}

mod on_postgres {
    use std::{
        fs,
        os::unix::fs::chown,
        time::{Duration, Instant},
    };

    use serde_json::json;

    use super::{Disk, LONG_ENOUGH, a_full_disk_is_told, ready, says_no, until_ready};
    use crate::support::{
        Home,
        postgres::{Server, owner},
        process::pause,
    };

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn a_full_disk_of_postgres_is_told_and_so_is_its_end() {
        let server = Server::start();
        let directory = tempfile::tempdir().unwrap();
        let disk = Disk::at(directory.path(), "24m");
        let tables = directory.path().join("tables");
        fs::create_dir(&tables).unwrap();
        if let Some((user, group)) = owner() {
            chown(directory.path(), Some(user), Some(group)).unwrap();
            chown(&tables, Some(user), Some(group)).unwrap();
        }
        server.run("postgres", &format!("CREATE TABLESPACE small LOCATION '{}'", tables.display()));
        server.run("postgres", "CREATE DATABASE small TABLESPACE small");
        let home = Home::at(&server.url_of("latchkey", "small"), &[]);
        let process = home.serve();
        a_full_disk_is_told(&process, &disk).await;
        let left = server.ask("small", "SELECT relname::text FROM pg_class WHERE relname = 'latchkey_probe'");
        assert_eq!(left, [""; 0]);
        drop(process);
        drop(server);
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn a_server_that_becomes_read_only_is_told_and_so_is_its_end() {
        let server = Server::start();
        let home = Home::at(&server.url(), &[]);
        let process = home.serve();
        let account = process.account("acme").await;
        let session = account.admin(&["account_settings", "user_permissions"]).await.sign_in().await;
        let create =
            |name: &str| session.call("POST", &account.path("/users")).json(&json!({ "username": name })).send();
        for round in 0..2 {
            until_ready(&process).await;
            server.run("postgres", "ALTER SYSTEM SET default_transaction_read_only = on");
            server.run("postgres", "SELECT pg_reload_conf()");
            // The server tells its processes when it comes to it.
            let since = Instant::now();
            while ready(&process).await.status == 200 {
                assert!(since.elapsed() < LONG_ENOUGH, "it is still ready");
                pause(Duration::from_millis(50));
            }
            says_no(&ready(&process).await);
            create(&format!("refused {round}")).await.problem(503, "database_unavailable");
            session.me().await.ok(200);
            server.run("postgres", "ALTER SYSTEM RESET default_transaction_read_only");
            server.run("postgres", "SELECT pg_reload_conf()");
            until_ready(&process).await;
            create(&format!("taken {round}")).await.ok(201);
        }
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn a_user_who_may_not_write_any_more_is_told_and_so_is_its_end() {
        let server = Server::start();
        server.run("postgres", "CREATE ROLE guest LOGIN; GRANT CREATE, USAGE ON SCHEMA public TO guest");
        let key = "A".repeat(43);
        let at = |url: &str| Home::at(url, &[("KEYS__MASTER_KEY", &key)]);
        drop(at(&server.url()).serve());
        server.run("postgres", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest");
        let home = at(&server.url_of("guest", "postgres"));
        let process = home.serve();
        let account = process.account("acme").await;
        let session = account.admin(&["account_settings", "user_permissions"]).await.sign_in().await;
        let create =
            |name: &str| session.call("POST", &account.path("/users")).json(&json!({ "username": name })).send();
        for round in 0..2 {
            until_ready(&process).await;
            server.run("postgres", "REVOKE INSERT, UPDATE ON users FROM guest");
            create(&format!("refused {round}")).await.problem(503, "database_unavailable");
            // A write that was refused counts at once, and what a probe finds later says the same.
            says_no(&ready(&process).await);
            for _ in 0..3 {
                pause(Duration::from_millis(1100));
                says_no(&ready(&process).await);
            }
            session.me().await.ok(200);
            let said = process.output().matches("The database user can no longer read and change these tables").count();
            assert_eq!(said, round + 1, "{}", process.output());
            server.run("postgres", "GRANT INSERT, UPDATE ON users TO guest");
            until_ready(&process).await;
            create(&format!("taken {round}")).await.ok(201);
        }
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn a_standby_in_the_place_of_its_primary_is_told_until_it_is_promoted() {
        let mut primary = Server::start();
        let standby = primary.standby();
        let url = format!("postgres://latchkey@127.0.0.1:{},127.0.0.1:{}/postgres", primary.port(), standby.port());
        let home = Home::at(&url, &[]);
        let process = home.serve();
        let account = process.account("acme").await;
        let session = account.admin(&["account_settings", "user_permissions"]).await.sign_in().await;
        until_ready(&process).await;
        let here = primary.ask("postgres", "SELECT pg_current_wal_flush_lsn()::text");
        let there = format!("SELECT (pg_last_wal_replay_lsn() >= '{}'::pg_lsn)::text", here[0]);
        let since = Instant::now();
        while standby.ask("postgres", &there) != ["true"] {
            assert!(since.elapsed() < LONG_ENOUGH, "the standby does not follow");
            pause(Duration::from_millis(50));
        }

        primary.stop();
        // Whether the connections are at the standby already or nowhere at all, nothing is written. What was found less than a
        // second ago may still count.
        let since = Instant::now();
        while ready(&process).await.status == 200 {
            assert!(since.elapsed() < LONG_ENOUGH, "it is still ready");
            pause(Duration::from_millis(50));
        }
        says_no(&ready(&process).await);
        let new = json!({ "username": "ann" });
        let create = || session.call("POST", &account.path("/users")).json(&new).send();
        create().await.problem(503, "database_unavailable");
        pause(Duration::from_millis(1100));
        says_no(&ready(&process).await);

        standby.run("postgres", "SELECT pg_promote()");
        until_ready(&process).await;
        create().await.ok(201);
        session.me().await.ok(200);
    }
}
