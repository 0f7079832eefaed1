//! Raises the cost of hashes: passwords keep working and are rehashed as users sign in.

use serde_json::json;

use crate::support::{OTHER_PASSWORD, TestApp, User, in_parallel};

/// An application that has become stricter, with a user from before.
async fn stricter() -> (TestApp, User) {
    let mut app = TestApp::start().await;
    let ann = app.account("acme").await.user("ann").await;
    app.restart_with(|config| config.password_hashing.weak_for_tests = false).await;
    (app, ann)
}

#[tokio::test]
async fn old_hashes_are_taken_and_replaced() {
    let (mut app, ann) = stricter().await;
    ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
    ann.login().await.session();
    ann.login().await.session();
    // And back: whatever the hashes were made with says so itself.
    app.restart_with(|config| config.password_hashing.weak_for_tests = true).await;
    ann.login().await.session();
    ann.try_password(OTHER_PASSWORD).await.problem(401, "invalid_credentials");
}

#[tokio::test]
async fn parallel_sign_ins_that_replace_the_same_hash_all_succeed() {
    let (_app, ann) = stricter().await;
    for reply in in_parallel(8, |_| ann.login()).await {
        reply.session();
    }
}

#[tokio::test]
async fn a_password_can_be_changed_while_a_sign_in_replaces_its_hash() {
    let (mut app, ann) = stricter().await;
    for round in 0..3 {
        app.restart_with(|config| config.password_hashing.weak_for_tests = round % 2 == 0).await;
        let session = ann.login().await.session();
        app.restart_with(|config| config.password_hashing.weak_for_tests = round % 2 == 1).await;
        let new = format!("seven slow Otters, {round} boats");
        let body = json!({ "current_password": ann.password(), "new_password": new });
        let replies = in_parallel(2, async |number| {
            if number == 0 { ann.login().await } else { session.post("/v1/me/password", body.clone()).await }
        })
        .await;
        let change = replies.iter().find(|reply| reply.status != 200).expect("the change has no 200");
        change.empty(204);
        ann.remember_password(&new);
        ann.login().await.session();
    }
}
