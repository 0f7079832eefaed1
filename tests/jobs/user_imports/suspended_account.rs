//! Files wait while nobody of their account can sign in.

mod slow {
    use chrono::TimeDelta;

    use super::super::{CSV, counts, finished, send};
    use crate::support::TestApp;

    #[tokio::test]
    async fn they_go_on_when_it_does() {
        for (shut, open) in [("suspend", "resume"), ("delete", "undelete")] {
            let mut app = TestApp::start().await;
            let account = app.account("acme").await;
            let admin = account.admin(&["user_permissions"]).await;
            let root = app.platform_admin().await;
            app.pause_workers().await;
            let names: Vec<_> = (0..4_000).map(|number| format!("user {number}")).collect();
            let import = send(&admin, &account, CSV, format!("username\n{}\n", names.join("\n"))).await.ok(202);
            app.take_import_turn().await;
            if shut == "suspend" {
                root.act(&account.path("/actions/suspend")).await.empty(204);
            } else {
                root.delete(&account.path("")).await.ok(202);
            }
            let path = account.path(&format!("/user-imports/{}", import["id"].as_str().unwrap()));
            let count = async || root.get(&account.path("")).await.ok(200)["user_count"].clone();
            let (before, then) = (root.get(&path).await.ok(200), count().await);
            assert!(before["imported"].as_u64().unwrap() > 0 && before["finished_at"].is_null(), "{before}");
            app.wait(TimeDelta::minutes(1));
            app.resume_workers().await;

            // Another account's file does not wait behind it. When it is imported, this one's turn would have come.
            let other = app.account("other").await;
            for name in ["ann", "bob", "cyd"] {
                let theirs = send(&root, &other, CSV, format!("username\n{name}\n")).await.ok(202);
                assert_eq!(counts(&finished(&root, &other, &theirs).await), (1, 0, 0));
            }
            assert_eq!(count().await, then, "{before}");
            let waits = root.get(&path).await.ok(200);
            assert!(waits["finished_at"].is_null() && waits["imported"] == before["imported"], "{before} {waits}");

            root.act(&account.path(&format!("/actions/{open}"))).await.empty(204);
            assert_eq!(counts(&finished(&root, &account, &import).await), (4_000, 0, 0));
        }
    }
}
