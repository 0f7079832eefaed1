//! Accounts take turns at importing.

use super::{NDJSON, finished, numbered, send};
use crate::support::TestApp;

/// How many users the account's imports have made.
fn imported(app: &TestApp, account: &str) -> u64 {
    let uuid = account.replace('-', "");
    let of_account = if app.config().store().url.starts_with("sqlite://") {
        format!("account_id = x'{uuid}'")
    } else {
        format!("account_id = '{account}'")
    };
    let query = format!("SELECT CAST(coalesce(sum(imported), 0) AS text) FROM user_imports WHERE {of_account}");
    app.look_into_database(&query)[0].parse().unwrap()
}

#[tokio::test]
async fn several_nodes_work_for_several_accounts_and_one_file_of_an_account_after_the_other() {
    let app = TestApp::start().await;
    let _other_node = app.another_node().await;
    let (one, two) = (app.account("one").await, app.account("two").await);
    let (by_one, by_two) = (one.admin(&["user_permissions"]).await, two.admin(&["user_permissions"]).await);
    let (mut of_one, mut of_two) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        // The same users each time: the first file that is imported has them all, in whichever order the others come.
        of_one.push(send(&by_one, &one, NDJSON, numbered("user", 0..2_000)).await.ok(202));
        of_two.push(send(&by_two, &two, NDJSON, numbered("user", 0..2_000)).await.ok(202));
    }
    let mut most_of_one = 0;
    let last = &of_one[2]["id"];
    loop {
        let page = by_one.get(&one.path("/user-imports")).await.ok(200);
        let items = page["items"].as_array().unwrap();
        let running = items.iter().filter(|import| import["status"] == "running").count();
        most_of_one = most_of_one.max(running);
        if items.iter().any(|import| &import["id"] == last && !import["finished_at"].is_null()) {
            break;
        }
    }
    assert_eq!(most_of_one, 1, "files of one account are worked on one after the other");
    for (by, account, imports) in [(&by_one, &one, &of_one), (&by_two, &two, &of_two)] {
        let mut counts = Vec::new();
        for import in imports {
            counts.push(super::counts(&finished(by, account, import).await));
        }
        assert_eq!(counts, [(2_000, 0, 0), (0, 2_000, 0), (0, 2_000, 0)], "in the order in which they came");
    }
}

mod slow {
    use super::super::{NDJSON, finished, numbered, path_of, send};
    use super::imported;
    use crate::support::TestApp;

    #[tokio::test]
    async fn an_account_with_many_large_files_keeps_no_other_waiting() {
        let mut app = TestApp::start().await;
        let (large, small) = (app.account("large").await, app.account("small").await);
        let (by_large, by_small) = (large.admin(&["user_permissions"]).await, small.admin(&["user_permissions"]).await);
        app.pause_workers().await;
        let mut waiting = Vec::new();
        for file in 0..3 {
            let users = numbered(&format!("file-{file}"), 0..3_000);
            waiting.push(send(&by_large, &large, NDJSON, users).await.ok(202));
            // So that one came after the other.
            app.wait(chrono::TimeDelta::milliseconds(1));
        }
        app.take_import_turn().await;
        assert_eq!(imported(&app, &large.id), 1_000);
        let begun = send(&by_small, &small, NDJSON, numbered("user", 0..2_500)).await.ok(202);
        // 2,500 users are three turns, between and around which the other account has one each, of a thousand users.
        let mut turns = 0;
        while by_small.get(&path_of(&small, &begun)).await.ok(200)["finished_at"].is_null() {
            app.wait(chrono::TimeDelta::milliseconds(1));
            app.take_import_turn().await;
            turns += 1;
            assert!(turns <= 7, "the small account waits");
        }
        assert_eq!(imported(&app, &small.id), 2_500);
        let of_large = imported(&app, &large.id);
        assert!((2_000..=5_000).contains(&of_large), "{of_large} of 9,000: neither waits for the other's end");
        app.resume_workers().await;
        for import in waiting {
            assert_eq!(finished(&by_large, &large, &import).await["imported"], 3_000);
        }
    }
}
