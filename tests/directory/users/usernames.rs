//! User names for signing in.

use serde_json::json;

use crate::support::{PASSWORD, TestApp};

#[tokio::test]
async fn names_of_any_script_are_kept_as_typed_and_sign_in() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    for name in
        ["анна", "安娜", "Zoë", "100% + more & co", "ann smith@example.com", "👩‍🚀", "ﬁ", &"x".repeat(128), "ñ\u{303}"]
    {
        let user = account.user(name).await;
        assert_eq!(account.look_at(&user).await["username"], name);
        user.login().await.session();
    }
}

#[tokio::test]
async fn white_space_around_a_name_is_no_part_of_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.invited(json!({ "username": " \u{3000}ann\t" })).await;
    assert_eq!(ann.username(), "ann");
    ann.activate(ann.activation_code()).await.empty(204);
    for typed in ["ann", " ann ", "ANN"] {
        let body = json!({ "account": "acme", "username": typed, "password": PASSWORD });
        app.call("POST", "/v1/login").json(&body).send().await.session();
    }
}

#[tokio::test]
async fn what_reads_as_the_same_name_is_taken() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let admin = account.admin(&["user_permissions"]).await;
    for (taken, again) in [
        ("ann", vec!["ann", "ANN", " Ann ", "ａｎｎ"]),
        ("Zoë", vec!["zoë", "ZOE\u{308}"]),
        ("Анна", vec!["анна", "АННА"]),
        ("ﬁ", vec!["fi", "FI"]),
        ("ΣΊΣΥΦΟΣ", vec!["σίσυφοσ"]),
    ] {
        account.user(taken).await;
        for name in again {
            let reply = admin.post(&account.path("/users"), json!({ "username": name })).await;
            let problem = reply.problem(409, "conflict");
            assert!(!problem["detail"].as_str().unwrap().contains("UNIQUE"), "{problem:?}");
        }
        other.user(taken).await.login().await.session();
    }
}

#[tokio::test]
async fn what_is_no_name_is_refused() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    for name in ["", " ", "\u{3000}", "a\0b", "a\nb", "a\u{7f}", "a\u{85}b", &"x".repeat(129), &"👩".repeat(129)] {
        let reply = admin.post(&account.path("/users"), json!({ "username": name })).await;
        assert_eq!(reply.problem(422, "validation_failed").errors()[0].0, "/username", "{name:?}");
    }
}

#[tokio::test]
async fn of_many_who_take_one_name_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let session = admin.session().await;
    let replies = crate::support::in_parallel(20, |number| {
        let name = if number % 2 == 0 { "ann" } else { "ANN" };
        session.call("POST", &account.path("/users")).json(&json!({ "username": name })).send()
    })
    .await;
    let expected = [("201".to_owned(), 1), ("409 conflict".to_owned(), 19)].into();
    assert_eq!(crate::support::statuses(&replies), expected);
}
