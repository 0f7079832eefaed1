//! Two processes on one database.

use std::thread;

use crate::support::{Home, Process, User, in_parallel, statuses};

/// Two that start at the same moment.
fn two(home: &Home) -> [Process; 2] {
    thread::scope(|scope| {
        let starts = [(); 2].map(|()| scope.spawn(|| home.serve()));
        starts.map(|start| start.join().unwrap())
    })
}

#[tokio::test]
async fn both_start_on_an_empty_database_and_are_one_service() {
    for _ in 0..3 {
        let home = Home::new();
        let [one, other] = two(&home);
        assert_ne!(one.address(), other.address());
        let root = one.client().platform_admin().await;
        let at_other = User::new(other.client(), "platform", "root");
        let session = root.sign_in().await;
        at_other.remember_phone(Some(root.phone()));

        // Tokens of one count at the other, and what one ends is over at the other.
        let ask = |process: &Process, token: &str| process.client().call("GET", "/v1/me").bearer(token).send();
        ask(&other, &session.access_token).await.ok(200);
        let theirs = at_other.sign_in().await;
        ask(&one, &theirs.access_token).await.ok(200);
        let logout = other.client().call("POST", "/v1/logout").bearer(&session.access_token);
        logout.send().await.empty(204);
        ask(&one, &session.access_token).await.problem(401, "invalid_token");
        ask(&other, &theirs.access_token).await.ok(200);
    }
}

#[tokio::test]
async fn both_write_at_once_and_one_name_is_taken_once() {
    let home = Home::new();
    let [one, other] = two(&home);
    let account = one.account("acme").await;
    let session = account.admin(&["user_permissions"]).await.session().await;
    let path = account.path("/users");
    let create = |number: usize| {
        let process = [&one, &other][number % 2];
        let new = serde_json::json!({ "username": format!("user {}", number / 4) });
        process.client().call("POST", &path).bearer(&session.access_token).json(&new).send()
    };
    let replies = in_parallel(80, create).await;
    assert_eq!(statuses(&replies), [("201".to_owned(), 20), ("409 conflict".to_owned(), 60)].into());
}

#[test]
fn two_administrators_are_made_at_once() {
    let home = Home::new();
    let made = thread::scope(|scope| {
        let inits = ["ann", "bob"].map(|name| (name, scope.spawn(|| home.init(name))));
        inits.map(|(name, init)| (name, init.join().unwrap()))
    });
    for (name, made) in made {
        assert_eq!(made["username"], name);
    }
}
