//! Jobs survive failures of nodes, and each user is processed once.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{counts, crowd, number, order, path};
use crate::support::{Account, Home, User, all_pages};

/// Every user of a job has an outcome, and the version of each tells that it was acted upon once.
async fn assert_done_once(by: &User, account: &Account, users: usize) {
    let all = all_pages(by, &account.path("/users"), 100).await;
    let crowd: Vec<_> = all.iter().filter(|user| user["username"].as_str().unwrap().starts_with("user-")).collect();
    assert_eq!(crowd.len(), users);
    for user in crowd {
        assert_eq!(user["status"], "disabled", "{user}");
        let read = by.get(&account.path(&format!("/users/{}", user["id"].as_str().unwrap()))).await;
        assert_eq!(read.header("etag"), "\"v2\"", "{user}");
    }
}

/// Whether the job was still under way when the plug was pulled.
async fn goes_on_after_the_plug_was_pulled(users: usize) -> bool {
    let mut home = Home::new();
    let mut process = home.serve();
    home.keep_address_of(&process);
    let account = process.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    crowd(&by, &account, users).await;
    let job = order(&by, &account, json!({ "action": "disable", "filter": { "q": "user-" } })).await.ok(202);
    let (mut pulled, since) = (0, Instant::now());
    let done = loop {
        let now = by.get(&path(&account, &job)).await.ok(200);
        if !now["finished_at"].is_null() {
            break now;
        }
        if number(&now, "done") > 400 * pulled && pulled < 2 {
            process.kill();
            process = home.serve();
            // The client notices that its connections are gone.
            tokio::time::sleep(Duration::from_millis(100)).await;
            pulled += 1;
        }
        assert!(since.elapsed() < Duration::from_secs(300), "{now}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    assert_eq!(counts(&done, "finished"), (u64::try_from(users).unwrap(), 0, 0, 0));
    assert_done_once(&by, &account, users).await;
    let outcomes = all_pages(&by, &format!("{}/outcomes", path(&account, &job)), 100).await;
    assert!(outcomes.len() == users && outcomes.iter().all(|item| item["outcome"] == "succeeded"));
    pulled > 0
}

mod on_postgres {
    use serde_json::json;

    use super::super::{counts, crowd, ended, order};
    use super::assert_done_once;
    use crate::support::Home;

    #[tokio::test]
    #[ignore = "needs PostgreSQL"]
    async fn two_nodes_on_one_database_do_each_user_once() {
        // SQLite takes one.
        let home = Home::on_postgres();
        let one = home.serve();
        let _other = home.serve();
        let mut stories = Vec::new();
        for slug in ["acme", "globex", "initech"] {
            let account = one.account(slug).await;
            let by = account.admin(&["user_permissions"]).await;
            crowd(&by, &account, 600).await;
            stories.push((account, by));
        }
        let mut jobs = Vec::new();
        for (account, by) in &stories {
            let mut ordered = Vec::new();
            for _ in 0..3 {
                let job = json!({ "action": "disable", "filter": { "q": "user-" } });
                ordered.push(order(by, account, job).await.ok(202));
            }
            jobs.push(ordered);
        }
        for ((account, by), jobs) in stories.iter().zip(&jobs) {
            let mut all = (0, 0);
            for job in jobs {
                let (succeeded, unchanged, failed, skipped) = counts(&ended(by, account, job).await, "finished");
                assert_eq!((failed, skipped), (0, 0));
                all = (all.0 + succeeded, all.1 + unchanged);
            }
            assert_eq!(all, (600, 1_200));
            assert_done_once(by, account, 600).await;
        }
    }
}

mod slow {
    use serde_json::json;

    use super::super::{counts, crowd, ended, number, order};
    use super::goes_on_after_the_plug_was_pulled;
    use crate::support::TestApp;

    #[tokio::test]
    async fn a_job_goes_on_after_a_restart() {
        let mut app = TestApp::start().await;
        let account = app.account("acme").await;
        let by = account.admin(&["user_permissions"]).await;
        crowd(&by, &account, 3_000).await;
        let job = order(&by, &account, json!({ "action": "disable", "filter": { "q": "user-" } })).await.ok(202);
        super::super::until(&by, &account, &job, |now| number(now, "done") > 0).await;
        app.restart().await;
        app.wait(chrono::TimeDelta::seconds(11));
        let done = ended(&by, &account, &job).await;
        assert_eq!(counts(&done, "finished"), (3_000, 0, 0, 0));
    }

    #[tokio::test]
    async fn a_job_goes_on_after_the_plug_was_pulled_and_nobody_is_done_twice() {
        // Where the job is over before the plug is pulled, the next one is about more users.
        let mut more = [1_500, 6_000, 24_000].into_iter();
        while !goes_on_after_the_plug_was_pulled(more.next().expect("the plug was pulled in time")).await {}
    }
}
