//! Two administrators change the policy concurrently.

use serde_json::json;

use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn of_changes_to_the_same_version_one_wins() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (ann, bob) = (account.admin(&["account_settings"]).await, account.admin(&["account_settings"]).await);
    let path = account.path("/two-factor-policy");
    let sessions = [ann.session().await, bob.session().await];
    for _ in 0..10 {
        let tag = ann.get(&path).await.header("etag").to_owned();
        let change = |number: usize| {
            let policy = json!({ "mode": "selected_users", "user_ids": [([&ann, &bob][number].id())] });
            sessions[number].call("PUT", &path).header("if-match", &tag).json(&policy).send()
        };
        let replies = in_parallel(2, change).await;
        let expected = [("200".to_owned(), 1), ("412 precondition_failed".to_owned(), 1)].into();
        assert_eq!(statuses(&replies), expected);
        let won = replies.iter().find(|reply| reply.status == 200).unwrap();
        assert_eq!(ann.get(&path).await.ok(200), won.ok(200), "what the winner was told is what counts");
    }
}

#[tokio::test]
async fn without_a_version_all_changes_happen_one_after_the_other() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let (ann, bob) = (account.admin(&["account_settings"]).await, account.admin(&["account_settings"]).await);
    let path = account.path("/two-factor-policy");
    let session = ann.session().await;
    let change = |number: usize| {
        let policy = json!({ "mode": "selected_users", "user_ids": [([&ann, &bob][number % 2].id())] });
        session.call("PUT", &path).json(&policy).send()
    };
    let replies = in_parallel(20, change).await;
    assert_eq!(statuses(&replies), [("200".to_owned(), 20)].into());
    let mut tags: Vec<_> = replies.iter().map(|reply| reply.header("etag")).collect();
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags.len(), 20, "no two changes made the same version");
    assert_eq!(ann.get(&path).await.ok(200)["user_count"], 1, "the lists did not mix");
}
