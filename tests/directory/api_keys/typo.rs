//! Detects a typo in an API key without a look-up.

use crate::support::TestApp;

#[tokio::test]
async fn a_mistyped_key_is_refused_like_any_other() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let program = account.program("Import", &["user_permissions"]).await;
    for typo in program.typos() {
        let reply = app.call("GET", &account.path("/users")).bearer(&typo).send().await;
        reply.problem(401, "invalid_token");
    }
    program.get(&account.path("/users")).await.ok(200);
}

mod on_postgres {
    use crate::support::{Home, postgres::Server};

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn a_typo_never_reaches_the_database() {
        let mut server = Server::start();
        let home = Home::at(&server.url(), &[]);
        let process = home.serve();
        let account = process.account("acme").await;
        let program = account.program("Import", &["user_permissions"]).await;
        let (client, path) = (process.client(), account.path("/users"));
        server.stop();
        // A key that could be one is looked up, and the database is not there.
        program.get(&path).await.problem(503, "database_unavailable");
        for typo in program.typos() {
            client.call("GET", &path).bearer(&typo).send().await.problem(401, "invalid_token");
        }
        server.resume();
    }
}
