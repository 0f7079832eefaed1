//! PostgreSQL goes away and comes back.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Home, PASSWORD, Reply, postgres::Server, process::pause};

/// What counts as prompt: the store's own deadline for a lost server is far below it.
const PROMPT: Duration = Duration::from_secs(20);

/// Every request that needs the database is told so, promptly.
async fn is_told(reply: impl Future<Output = Reply>) {
    let since = Instant::now();
    let reply = reply.await;
    assert!(since.elapsed() < PROMPT, "{:?}: {reply:?}", since.elapsed());
    // Checked with it: the header `Retry-After`.
    let problem = reply.problem(503, "database_unavailable");
    assert!(problem.retry_after() > 0);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn everybody_is_told_at_once_and_it_recovers_by_itself() {
    let mut server = Server::start();
    let home = Home::at(&server.url(), &[]);
    let mut process = home.serve();
    let account = process.account("acme").await;
    let admin = account.admin(&["account_settings", "user_permissions"]).await;
    let session = admin.sign_in().await;
    let (client, path) = (process.client(), account.path("/users"));

    for _ in 0..2 {
        server.stop();
        is_told(client.call("GET", "/readyz").send()).await;
        client.call("GET", "/healthz").send().await.ok(200);
        client.call("GET", "/docs").send().await;
        let requests: Vec<_> = (0..20)
            .map(|number| {
                let login = json!({ "account": "acme", "username": admin.username(), "password": PASSWORD });
                match number % 4 {
                    0 => session.call("GET", "/v1/me"),
                    1 => session.call("POST", &path).json(&json!({ "username": format!("lost {number}") })),
                    2 => client.call("POST", "/v1/login").json(&login),
                    _ => client
                        .call("POST", "/v1/token/refresh")
                        .json(&json!({ "refresh_token": session.refresh_token })),
                }
            })
            .collect();
        futures_util::future::join_all(requests.into_iter().map(|request| is_told(request.send()))).await;

        server.resume();
        let since = Instant::now();
        while client.call("GET", "/readyz").send().await.status != 200 {
            assert!(since.elapsed() < Duration::from_secs(30), "it does not come back: {}", process.output());
            pause(Duration::from_millis(50));
        }
        session.me().await.ok(200);
        admin.login().await.session();
    }
    session.refresh().await.session();
    let users = session.get(&path).await.ok(200);
    assert_eq!(users["items"].as_array().unwrap().len(), 1, "what was refused was not done");
    assert!(process.is_alive());
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_server_that_stands_still_hangs_nobody() {
    let server = Server::start();
    let home = Home::at(&server.url(), &[]);
    let process = home.serve();
    let root = process.client().platform_admin().await;
    let session = root.sign_in().await;
    server.freeze(true);
    let since = Instant::now();
    let requests = (0..20).map(|_| session.me());
    for reply in futures_util::future::join_all(requests).await {
        reply.problem(503, "database_unavailable");
    }
    process.client().call("GET", "/healthz").send().await.ok(200);
    assert!(since.elapsed() < Duration::from_secs(30), "{:?}", since.elapsed());
    server.freeze(false);
    let since = Instant::now();
    while session.me().await.status != 200 {
        assert!(since.elapsed() < Duration::from_secs(30), "it does not come back: {}", process.output());
        pause(Duration::from_millis(50));
    }
}

#[test]
#[ignore = "needs PostgreSQL"]
fn without_a_server_it_does_not_start_and_says_why() {
    let mut server = Server::start();
    server.stop();
    let url = server.url().replace("postgres://latchkey@", "postgres://latchkey:hunter2@");
    let home = Home::at(&url, &[]);
    let since = Instant::now();
    let output = home.run(&["serve"]);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("the database cannot be reached") && !complaint.contains("hunter2"), "{complaint}");
    assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
}
