//! A connection pooler between the service and PostgreSQL.

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{Home, User, in_parallel, pooler::Pooler, postgres::Server, process::pause, statuses};

/// Fewer than the service has connections, so that they are shared.
const FEW: u16 = 3;

fn pooled(mode: &str) -> (Server, Pooler) {
    let server = Server::start();
    let pooler = Pooler::before(&server, mode, FEW);
    (server, pooler)
}

fn home(pooler: &Pooler) -> Home {
    Home::at(&pooler.url_of("postgres"), &[("DATABASE__POOLER", "true")])
}

/// What a program finds on the server's connections that another one used before.
#[track_caller]
fn nothing_is_left(server: &Server) {
    let locks = "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory'";
    let open = "SELECT pid::text FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'";
    // A worker of a service that runs may be between two statements at this moment. What is left stays.
    let since = Instant::now();
    while !server.ask("postgres", locks).is_empty() || !server.ask("postgres", open).is_empty() {
        assert!(since.elapsed() < Duration::from_secs(60), "a lock or a transaction is left");
        pause(Duration::from_millis(50));
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn with_a_pooler_in_transaction_mode_everything_works() {
    let (server, pooler) = pooled("transaction");
    let mut home = home(&pooler);
    let process = home.serve();
    home.keep_address_of(&process);
    process.client().call("GET", "/readyz").send().await.ok(200);
    let account = process.account("acme").await;
    let admin = account.admin(&["account_settings", "user_permissions"]).await;
    account.set_mode("all_users").await;
    let ann = account.user("ann").await;
    let session = ann.sign_in().await;

    // Far more at once than there are connections, each with several statements in its transaction.
    let (client, path, token) = (process.client(), account.path("/users"), admin.sign_in().await.access_token);
    let create = |number: usize| {
        let new = json!({ "username": format!("user {}", number / 2) });
        client.call("POST", &path).bearer(&token).json(&new).send()
    };
    let replies = in_parallel(120, create).await;
    assert_eq!(statuses(&replies), [("201".to_owned(), 60), ("409 conflict".to_owned(), 60)].into());
    let renewed = in_parallel(60, |_| session.me()).await;
    assert_eq!(statuses(&renewed), [("200".to_owned(), 60)].into());

    // A command beside it.
    let file = home.data().join("users.ndjson");
    fs::write(&file, "{\"username\":\"imported\"}\n").unwrap();
    let output = home.run(&["import", "--account", "acme", file.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    let report = String::from_utf8(home.run(&["doctor"]).stdout).unwrap();
    assert!(report.contains("reachable, schema up to date") && !report.contains("FAIL"), "{report}");
    nothing_is_left(&server);
    drop(process);

    // Again, on the connections that the pooler has kept.
    let _process = home.serve();
    session.refresh().await.session();
    nothing_is_left(&server);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn nodes_that_start_at_once_behind_a_pooler_migrate_once() {
    // With one connection nobody may hold it while waiting for another.
    for connections in [1, FEW] {
        let server = Server::start();
        let pooler = Pooler::before(&server, "transaction", connections);
        let mut home = home(&pooler);
        // Nodes share their key.
        home.set("KEYS__MASTER_KEY", &"A".repeat(43));
        let nodes = std::thread::scope(|scope| {
            let starts = [(); 3].map(|()| scope.spawn(|| home.serve()));
            starts.map(|start| start.join().unwrap())
        });
        for node in &nodes {
            node.client().call("GET", "/healthz").send().await.ok(200);
        }
        nothing_is_left(&server);
        // To serve people, three nodes need more than one.
        if connections < FEW {
            continue;
        }
        let root = nodes[0].client().platform_admin().await;
        let session = root.sign_in().await;
        for node in &nodes {
            let elsewhere = User::new(node.client(), "platform", "root");
            elsewhere.try_password("wrong").await.problem(401, "invalid_credentials");
            node.client().call("GET", "/v1/me").bearer(&session.access_token).send().await.ok(200);
        }
        nothing_is_left(&server);
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_server_that_goes_away_behind_a_pooler_is_found_again() {
    let (mut server, pooler) = pooled("transaction");
    let home = home(&pooler);
    let process = home.serve();
    let session = process.client().platform_admin().await.sign_in().await;
    let ready = || process.client().call("GET", "/readyz").send();
    for _ in 0..2 {
        server.stop();
        let problem = ready().await.problem(503, "database_unavailable");
        assert_eq!(problem["writes"], false, "{problem:?}");
        session.me().await.problem(503, "database_unavailable");
        server.resume();
        let since = Instant::now();
        while ready().await.status != 200 {
            assert!(since.elapsed() < Duration::from_secs(60), "it does not come back: {}", process.output());
            pause(Duration::from_millis(50));
        }
        session.me().await.ok(200);
    }
}

#[test]
#[ignore = "needs PostgreSQL"]
fn a_pooler_that_nobody_told_of_is_refused_and_no_lock_is_left() {
    let (server, pooler) = pooled("transaction");
    for _ in 0..3 {
        for arguments in [&["serve"][..], &["migrate"], &["init", "--username", "root"]] {
            let home = Home::at(&pooler.url_of("postgres"), &[("KEYS__MASTER_KEY", &"A".repeat(43))]);
            let output = home.run(arguments);
            let complaint = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{complaint}");
            assert!(complaint.contains("database.pooler = true"), "{complaint}");
            nothing_is_left(&server);
        }
    }
    let home = Home::at(&pooler.url_of("postgres"), &[("KEYS__MASTER_KEY", &"A".repeat(43))]);
    let output = home.run(&["doctor"]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(report.contains("database.pooler = true"), "{report}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_pooler_in_session_mode_is_as_good_as_none() {
    let server = Server::start();
    // Each connection of the service is one of the server.
    let pooler = Pooler::before(&server, "session", 30);
    for told in ["false", "true"] {
        let home = Home::at(
            &pooler.url_of("postgres"),
            &[("DATABASE__POOLER", told), ("DATABASE__CONNECTIONS", "4"), ("KEYS__MASTER_KEY", &"A".repeat(43))],
        );
        let process = home.serve();
        process.client().call("GET", "/readyz").send().await.ok(200);
    }
}

#[test]
#[ignore = "needs PostgreSQL"]
fn a_pooler_in_statement_mode_is_refused() {
    let (_server, pooler) = pooled("statement");
    for told in ["false", "true"] {
        let home = Home::at(&pooler.url_of("postgres"), &[("DATABASE__POOLER", told)]);
        let output = home.run(&["serve"]);
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{complaint}");
        assert!(complaint.contains("statement mode"), "{complaint}");
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn it_may_be_told_of_a_pooler_where_there_is_none() {
    let server = Server::start();
    let home = Home::at(&server.url(), &[("DATABASE__POOLER", "true")]);
    let process = home.serve();
    process.client().platform_admin().await.sign_in().await.me().await.ok(200);
}
