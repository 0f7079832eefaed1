//! Creates an API key, which is shown once and works.

use chrono::TimeDelta;
use serde_json::json;

use super::{look_at, users};
use crate::support::{Program, TestApp, all_pages};

#[tokio::test]
async fn a_key_does_what_it_was_given_and_nothing_else() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["api_keys", "user_permissions", "account_settings"]).await;
    let draft = json!({ "name": "Import", "description": "Nightly.", "permissions": ["user_permissions"] });
    let reply = admin.post(&account.path("/api-keys"), draft).await;
    let body = reply.ok(201);
    let program = Program::new(app.client(), &account.id, body.clone());
    assert_eq!(reply.header("location"), program.path(""));
    let etag = reply.header("etag").to_owned();
    let read = admin.get(&program.path("")).await;
    assert_eq!(read.header("etag"), etag);

    let key = &body["key"];
    assert_eq!((key["name"].as_str(), key["description"].as_str()), (Some("Import"), Some("Nightly.")));
    assert_eq!(
        (&key["permissions"], &key["effective_permissions"]),
        (&json!(["user_permissions"]), &json!(["user_permissions"]))
    );
    assert_eq!((&key["networks"], &key["expires_at"], &key["status"]), (&json!([]), &json!(null), &json!("active")));
    assert_eq!((&key["secret"]["user_id"], &key["secret"]["shown_to_key_id"]), (&json!(admin.id()), &json!(null)));
    assert_eq!((&key["last_used_at"], &key["older_secrets_end_at"]), (&json!(null), &json!(null)));

    let user = program.post(&users(&account), json!({ "username": "ann" })).await.ok(201);
    program.get(&users(&account)).await.ok(200);
    program.delete(&account.path(&format!("/users/{}", user["user"]["id"].as_str().unwrap()))).await.empty(204);
    let problem = program.get(&account.path("/two-factor-policy")).await.problem(403, "permission_required");
    assert_eq!(problem["permission"], "account_settings");
}

#[tokio::test]
async fn what_a_person_must_prove_again_a_key_need_not() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let program = account.program("Import", &["user_permissions"]).await;
    app.wait(TimeDelta::days(300));
    program.post(&users(&account), json!({ "username": "ann" })).await.ok(201);
}

#[tokio::test]
async fn the_secret_is_shown_once_and_kept_as_a_digest() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["api_keys", "user_permissions"]).await;
    let program = account.program_of(&admin, json!({ "name": "Import", "permissions": ["user_permissions"] })).await;
    // What secret scanners look for: lk_key_[0-9A-Za-z]{49}
    let body = program.secret.strip_prefix("lk_key_").unwrap();
    assert!(body.len() == 49 && body.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{body}");
    assert!(!look_at(&admin, &program).await.to_string().contains(body));
    for key in all_pages(&admin, &account.path("/api-keys"), 10).await {
        assert!(!key.to_string().contains(body));
    }
    let kept = app.look_into_database("SELECT CAST(length(token_digest) AS TEXT) FROM api_key_secrets");
    assert_eq!(kept, ["32"]);
    let Program { secret, .. } = &program;
    let random = &secret[7..50];
    for (table, column) in [("api_keys", "name"), ("api_keys", "networks"), ("api_key_permissions", "permission")] {
        for text in app.look_into_database(&format!("SELECT {column} FROM {table}")) {
            assert!(!text.contains(random));
        }
    }
}

#[tokio::test]
async fn a_name_is_taken_once_in_an_account() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    account.program("Import", &[]).await;
    other.program("Import", &[]).await;
    let root = app.platform_admin().await;
    let again = json!({ "name": " IMPORT ", "permissions": [] });
    root.post(&account.path("/api-keys"), again).await.problem(409, "conflict");
    assert_eq!(all_pages(&root, &account.path("/api-keys"), 10).await.len(), 1);
}

#[tokio::test]
async fn the_same_request_again_gives_the_same_key() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = account.admin(&["api_keys"]).await.session().await;
    let draft = json!({ "name": "Empty", "permissions": [], "expires_at": app.now() + TimeDelta::minutes(1) });
    let create = || session.call("POST", &account.path("/api-keys")).header("idempotency-key", "k").json(&draft).send();
    let first = create().await.ok(201);
    app.wait(TimeDelta::minutes(2));
    assert_eq!(create().await.ok(201), first, "though its end has passed");
    // Callers do not meet each other's keys, whoever answers for them.
    let admin = account.admin(&["api_keys", "user_permissions"]).await;
    let own = |name: &str| json!({ "name": name, "permissions": ["user_permissions"] });
    let (one, two) = (account.program_of(&admin, own("one")).await, account.program_of(&admin, own("two")).await);
    let body = json!({ "username": "ann" });
    let post =
        |program: &Program| program.call("POST", &users(&account)).header("idempotency-key", "k").json(&body).send();
    let created = post(&one).await.ok(201);
    assert_eq!(post(&one).await.ok(201), created);
    post(&two).await.problem(409, "conflict");
    let session = admin.session().await;
    let by_person = session.call("POST", &users(&account)).header("idempotency-key", "k").json(&body).send();
    by_person.await.problem(409, "conflict");
}

#[tokio::test]
async fn a_key_ends_when_it_was_said_to() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let end = app.now() + TimeDelta::days(1);
    let draft = json!({ "name": "Import", "permissions": ["user_permissions"], "expires_at": end });
    let program = account.program_of(&root, draft.clone()).await;
    app.wait(TimeDelta::days(1) - TimeDelta::seconds(1));
    program.get(&users(&account)).await.ok(200);
    app.wait(TimeDelta::seconds(1));
    program.get(&users(&account)).await.problem(401, "invalid_token");
    let key = look_at(&root, &program).await;
    assert_eq!((&key["status"], &key["effective_permissions"]), (&json!("expired"), &json!([])));
    // It can be given more time.
    root.put(&program.path(""), draft).await.ok(200);
    program.get(&users(&account)).await.problem(401, "invalid_token");
    let later =
        json!({ "name": "Import", "permissions": ["user_permissions"], "expires_at": end + TimeDelta::days(1) });
    root.put(&program.path(""), later).await.ok(200);
    program.get(&users(&account)).await.ok(200);
}

#[tokio::test]
async fn every_reason_to_refuse_a_key_looks_the_same() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let draft = |name: &str| json!({ "name": name, "permissions": ["user_permissions"] });
    let mut far = draft("far");
    far["networks"] = json!(["203.0.113.0/24"]);
    let mut short = draft("short");
    short["expires_at"] = json!(app.now() + TimeDelta::seconds(1));
    let refused = [
        account.program_of(&root, far).await,
        account.program_of(&root, short).await,
        account.program_of(&root, draft("revoked")).await,
        {
            let rotated = account.program_of(&root, draft("rotated")).await;
            root.post(&rotated.path("/rotate"), json!({ "overlap_seconds": 0 })).await.ok(200);
            rotated
        },
    ];
    root.delete(&refused[2].path("")).await.empty(204);
    app.wait(TimeDelta::seconds(1));
    let mut unknown = refused[0].clone();
    // The only key of the story that nobody has: its checksum fits.
    unknown.secret = "lk_key_Zq3vT8kWm0RfXc5yLh2JdN7sBa9GpUe4iQoK1tVwSxY4EmF31".to_owned();
    let path = users(&account);
    let replies = [
        unknown.get(&path),
        refused[0].get(&path),
        refused[1].get(&path),
        refused[2].get(&path),
        refused[3].get(&path),
    ];
    let mut bodies = Vec::new();
    for reply in futures_util::future::join_all(replies).await {
        reply.problem(401, "invalid_token");
        assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"latchkey\", error=\"invalid_token\"");
        let mut body = reply.json();
        body["instance"] = json!("");
        bodies.push(body.to_string());
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

mod slow {
    use serde_json::json;

    use crate::support::TestApp;

    #[tokio::test]
    async fn an_account_has_a_bounded_number_of_keys() {
        let app = TestApp::start().await;
        let account = app.account("acme").await;
        let session = app.platform_admin().await.session().await;
        for number in 0..1_000 {
            session
                .post(&account.path("/api-keys"), json!({ "name": format!("{number}"), "permissions": [] }))
                .await
                .ok(201);
        }
        let more = json!({ "name": "more", "permissions": [] });
        let problem = session.post(&account.path("/api-keys"), more.clone()).await.problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains("at most 1000"), "{problem:?}");
        let first = session.get(&account.path("/api-keys?limit=1")).await.ok(200)["items"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        session.call("DELETE", &account.path(&format!("/api-keys/{first}"))).send().await.empty(204);
        session.post(&account.path("/api-keys"), more).await.ok(201);
    }
}
