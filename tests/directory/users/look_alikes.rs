//! Names that look alike (UTS 39).

use serde_json::json;

use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn a_name_that_looks_like_another_one_of_the_account_is_taken() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let admin = account.admin(&["user_permissions"]).await;
    for (name, look_alike) in [
        ("paypal", "pаypаl"), // Cyrillic а
        ("сосо", "coco"),     // the first all Cyrillic
        ("tom", "tоm"),       // Cyrillic о
        ("nikos", "nikοs"),   // Greek omicron
        ("ann", "ɑnn"),
    ] {
        account.invited(json!({ "username": name })).await;
        let reply = admin.post(&account.path("/users"), json!({ "username": look_alike })).await;
        let problem = reply.problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("looks the same"), "{problem:?}");
        let bob = account.invited(json!({ "username": format!("bob {name}") })).await;
        let path = account.path(&format!("/users/{}", bob.id()));
        admin.patch(&path, json!({ "username": look_alike })).await.problem(409, "conflict");
        admin.patch(&path, json!({ "username": name })).await.problem(409, "conflict");
        // In another account it is a name like any other.
        other.invited(json!({ "username": look_alike })).await;
    }
}

#[tokio::test]
async fn honest_names_that_only_a_machine_would_mix_up_are_free() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    for name in
        ["modern", "modem", "user1", "userl", "user10", "user1o", "анна", "anna", "müller", "muller", "👩‍🚀", "👨‍🚀"]
    {
        account.invited(json!({ "username": name })).await;
    }
}

#[tokio::test]
async fn what_nobody_sees_is_in_no_name() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    for hidden in
        ["\u{200b}", "\u{200d}", "\u{202e}", "\u{2066}", "\u{feff}", "\u{ad}", "\u{3164}", "\u{e0041}", "\u{fe0f}"]
    {
        let new = json!({ "username": format!("a{hidden}nn"), "display_name": format!("A{hidden}nn") });
        let problem = admin.post(&account.path("/users"), new).await.problem(422, "validation_failed");
        assert_eq!(problem.errors(), [("/username", "invalid"), ("/display_name", "invalid")], "{hidden:?}");
    }
    // Where it is seen what they do, joiners stay.
    for name in ["👨‍👩‍👧", "می\u{200c}خواهم", "❤\u{fe0f}"] {
        account.user(name).await.login().await.session();
    }
}

#[tokio::test]
async fn of_two_who_take_names_that_look_alike_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = account.admin(&["user_permissions"]).await.session().await;
    let replies = in_parallel(20, |number| {
        let name = if number % 2 == 0 { "coco" } else { "сосо" };
        session.call("POST", &account.path("/users")).json(&json!({ "username": name })).send()
    })
    .await;
    assert_eq!(statuses(&replies), [("201".to_owned(), 1), ("409 conflict".to_owned(), 19)].into());
}
