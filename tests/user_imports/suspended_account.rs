//! Files of an account that lets nobody in wait.

use chrono::TimeDelta;

use super::{CSV, counts, finished, send};
use crate::support::TestApp;

#[tokio::test]
async fn they_go_on_when_it_does() {
    for (shut, open) in [("suspend", "resume"), ("delete", "undelete")] {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        let admin = account.admin(&["user_permissions"]).await;
        let root = app.platform_admin().await;
        let names: Vec<_> = (0..4_000).map(|number| format!("user {number}")).collect();
        let import = send(&admin, &account, CSV, format!("username\n{}\n", names.join("\n"))).await.ok(202);
        if shut == "suspend" {
            root.act(&account.path("/actions/suspend")).await.empty(204);
        } else {
            root.delete(&account.path("")).await.ok(202);
        }
        let path = account.path(&format!("/user-imports/{}", import["id"].as_str().unwrap()));
        let count = async || root.get(&account.path("")).await.ok(200)["user_count"].clone();
        // What was on its way when the account was shut is in; from then on nothing moves.
        crate::support::process::pause(std::time::Duration::from_millis(500));
        let (before, then) = (root.get(&path).await.ok(200), count().await);
        app.wait(TimeDelta::minutes(1));
        crate::support::process::pause(std::time::Duration::from_secs(3));
        assert_eq!(count().await, then, "{before}");
        let waits = root.get(&path).await.ok(200);
        assert!(waits["finished_at"].is_null() && waits["imported"] == before["imported"], "{before} {waits}");

        // Another account's file does not wait behind it.
        let other = app.account("other").await;
        let theirs = send(&root, &other, CSV, "username\nann\n").await.ok(202);
        assert_eq!(counts(&finished(&root, &other, &theirs).await), (1, 0, 0));

        root.act(&account.path(&format!("/actions/{open}"))).await.empty(204);
        assert_eq!(counts(&finished(&root, &account, &import).await), (4_000, 0, 0));
    }
}
