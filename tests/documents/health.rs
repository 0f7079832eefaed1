//! Liveness and readiness.

use crate::support::TestApp;

#[tokio::test]
async fn it_is_alive_and_ready() {
    let app = TestApp::start().await;
    for (path, status) in [("/healthz", "alive"), ("/readyz", "ready")] {
        assert_eq!(app.call("GET", path).send().await.ok(200)["status"], status);
        assert_eq!(app.call("GET", path).send().await.ok(200).get("writes").is_some(), path == "/readyz");
        let head = app.call("HEAD", path).send().await;
        assert_eq!((head.status, head.body.len()), (200, 0));
        app.call("POST", path).send().await.problem(405, "method_not_allowed");
        // Whoever asks.
        assert_eq!(app.call("GET", path).bearer("garbage").send().await.status, 200);
    }
}
