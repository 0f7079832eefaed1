//! Two processes on one database.

use std::thread;

use crate::support::Home;

#[test]
fn two_administrators_are_made_at_once() {
    let home = Home::new();
    let made = thread::scope(|scope| {
        let inits = ["ann", "bob"].map(|name| (name, scope.spawn(|| home.init(name))));
        inits.map(|(name, init)| (name, init.join().unwrap()))
    });
    for (name, made) in made {
        assert_eq!(made["username"], name);
    }
}

mod on_postgres {
    use std::thread;

    use crate::support::{Home, Process, User, in_parallel, statuses};

    /// Two that start at the same moment.
    fn two(home: &Home) -> [Process; 2] {
        thread::scope(|scope| {
            let starts = [(); 2].map(|()| scope.spawn(|| home.serve()));
            starts.map(|start| start.join().unwrap())
        })
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn both_start_on_an_empty_database_and_are_one_service() {
        for _ in 0..3 {
            // SQLite takes one.
            let home = Home::on_postgres();
            let [one, other] = two(&home);
            assert_ne!(one.address(), other.address());
            let root = one.client().platform_admin().await;
            let at_other = User::new(other.client(), "platform", "root");
            let session = root.sign_in().await;
            at_other.remember_phone(Some(root.phone()));

            // Tokens of one count at the other, and what one ends is over at the other.
            let ask = |process: &Process, token: &str| process.client().call("GET", "/v1/me").bearer(token).send();
            ask(&other, &session.access_token).await.ok(200);
            let theirs = at_other.sign_in().await;
            ask(&one, &theirs.access_token).await.ok(200);
            let logout = other.client().call("POST", "/v1/logout").bearer(&session.access_token);
            logout.send().await.empty(204);
            ask(&one, &session.access_token).await.problem(401, "invalid_token");
            ask(&other, &theirs.access_token).await.ok(200);
        }
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn both_write_at_once_and_one_name_is_taken_once() {
        // SQLite takes one.
        let home = Home::on_postgres();
        let [one, other] = two(&home);
        let account = one.account("acme").await;
        let session = account.admin(&["user_permissions"]).await.session().await;
        let path = account.path("/users");
        let create = |number: usize| {
            let process = [&one, &other][number % 2];
            let new = serde_json::json!({ "username": format!("user {}", number / 4) });
            process.client().call("POST", &path).bearer(&session.access_token).json(&new).send()
        };
        let replies = in_parallel(80, create).await;
        assert_eq!(statuses(&replies), [("201".to_owned(), 20), ("409 conflict".to_owned(), 60)].into());
    }
}

mod on_sqlite {
    use std::{
        fs,
        io::Read,
        os::unix::fs::symlink,
        path::Path,
        process::{Child, Stdio},
        time::{Duration, Instant},
    };

    use rustix::process::Signal;

    use crate::support::{
        Home, User,
        process::{ended_within, pause},
    };

    /// No start takes that long, nor a refusal.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn start(home: &Home) -> Child {
        home.command(&["serve"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// What a service says that does not start.
    #[track_caller]
    fn refusal(home: &Home) -> String {
        let mut child = start(home);
        let status = ended_within(&mut child, PATIENCE);
        let _gone = child.kill();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(status.expect("it is refused").code(), Some(1), "{said}");
        said
    }

    /// A place of its own whose database lies at `path`.
    fn home_at(path: &Path) -> Home {
        Home::at(&format!("sqlite://{}", path.display()), &[])
    }

    #[tokio::test]
    async fn a_second_service_on_one_sqlite_file_is_refused_whatever_path_leads_there() {
        let home = Home::on_sqlite();
        let mut process = home.serve();
        let ann = process.account("acme").await.user("ann").await;
        let elsewhere = tempfile::tempdir().unwrap();
        let (link, directory) = (elsewhere.path().join("another name.db"), elsewhere.path().join("directory"));
        symlink(home.database_file(), &link).unwrap();
        symlink(home.data(), &directory).unwrap();
        let paths =
            [home.database_file(), link, directory.join("latchkey.db"), home.data().join("../data/latchkey.db")];
        for signal in [Signal::TERM, Signal::KILL] {
            let said = refusal(&home);
            assert!(said.contains("another `latchkey serve` uses the database file"), "{said}");
            assert!(said.contains("stop that one first"), "{said}");
            for path in &paths {
                let other = home_at(path);
                let said = refusal(&other);
                assert!(said.contains("another `latchkey serve` uses the database file"), "{}: {said}", path.display());
                assert!(!other.data().join("master.key").exists(), "nothing was begun");
            }
            process.client().call("GET", "/readyz").send().await.ok(200);
            // The right to serve ends with the process, however that ends.
            process.signal(signal);
            process.wait();
            process = home.serve();
            User::new(process.client(), "acme", ann.username()).sign_in().await.me().await.ok(200);
        }
    }

    #[tokio::test]
    async fn a_sqlite_file_with_two_names_is_not_served() {
        let home = Home::on_sqlite();
        let process = home.serve();
        let other = home.data().join("other.db");
        fs::hard_link(home.database_file(), &other).unwrap();
        let said = refusal(&home_at(&other));
        assert!(said.contains("has 2 names (hard links)"), "{said}");
        for command in [&["init", "--username", "root"][..], &["migrate"], &["doctor"], &["backup", "copy.db"]] {
            let output = home.run(command);
            assert_eq!(output.status.code(), Some(1), "{command:?}: {output:?}");
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(said.contains("has 2 names (hard links)"), "{command:?}: {said}");
        }
        process.client().call("GET", "/readyz").send().await.ok(200);
        fs::remove_file(other).unwrap();
        home.init("root");
    }

    #[test]
    fn of_two_that_start_at_once_on_one_sqlite_file_one_serves() {
        let home = Home::on_sqlite();
        for _ in 0..3 {
            let mut children = [start(&home), start(&home)];
            let since = Instant::now();
            let ended = loop {
                let ended = children.each_mut().map(|child| child.try_wait().unwrap());
                if ended.iter().any(Option::is_some) {
                    break ended;
                }
                assert!(since.elapsed() < PATIENCE, "both serve");
                pause(Duration::from_millis(10));
            };
            assert_eq!(ended.iter().filter(|ended| ended.is_none()).count(), 1, "{ended:?}");
            for child in &mut children {
                let _gone = child.kill();
                let _reaped = child.wait();
            }
        }
    }
}
