//! Creates a user.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn a_new_user_comes_with_an_activation_code() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions", "account_settings"]).await;
    let new = json!({
        "username": "ann",
        "display_name": " Ann & Example ",
        "email": "ann@example.org",
        "permissions": ["account_settings", "account_settings"],
    });
    let reply = admin.post(&account.path("/users"), new).await;
    let created = reply.ok(201);
    let user = &created["user"];
    let id = user["id"].as_str().unwrap();
    let expected = json!({
        "id": id,
        "account_id": account.id,
        "username": "ann",
        "display_name": "Ann & Example",
        "email": "ann@example.org",
        "status": "active",
        "permissions": ["account_settings"],
        "two_factor": { "required": false, "status": "not_enrolled" },
        "password": {
            "status": "not_set",
            "expires_at": null,
            "policy_id": user["password"]["policy_id"],
            "policy_reason": user["password"]["policy_reason"],
        },
        "locked_until": null,
        "created_at": "2027-01-15T08:00:15Z",
    });
    assert_eq!(*user, expected);
    let path = account.path(&format!("/users/{id}"));
    assert_eq!(reply.header("location"), path);
    let read = admin.get(&path).await;
    assert_eq!((read.ok(200), read.header("etag")), (expected, reply.header("etag")));
    let code = created["activation"]["code"].as_str().unwrap();
    assert!(code.starts_with("lk_act_"), "{code}");
    let expires_at = app.now() + TimeDelta::days(7);
    assert_eq!(created["activation"]["expires_at"], expires_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    assert!(!read.text().contains(code), "the code is shown once");
}

#[tokio::test]
async fn names_and_addresses_are_checked() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let long = |count: usize| "x".repeat(count);
    let longest_email = format!("{}@example.org", long(254 - 12));
    for (field, value) in [
        ("display_name", json!("")),
        ("display_name", json!(" \t ")),
        ("display_name", json!("a\u{7}b")),
        ("display_name", json!(long(201))),
        ("email", json!("")),
        ("email", json!("ann")),
        ("email", json!("@example.org")),
        ("email", json!("ann@")),
        ("email", json!("ann smith@example.org")),
        ("email", json!(format!("x{longest_email}"))),
        ("email", json!("ann@example.org\n")),
        ("username", json!("")),
        ("username", json!(7)),
        ("permissions", json!("user_permissions")),
    ] {
        let mut new = json!({ "username": "ann", field: value });
        if field == "email" && value == "ann@example.org\n" {
            // Outer white space is no part of an address.
            let created =
                admin.post(&account.path("/users"), json!({ "username": "trimmed", field: value })).await.ok(201);
            assert_eq!(created["user"]["email"], "ann@example.org");
            continue;
        }
        let reply = admin.post(&account.path("/users"), new.take()).await;
        let pointer = format!("/{field}");
        assert_eq!(reply.problem(422, "validation_failed").errors()[0].0, pointer, "{value}");
    }
    let several = json!({ "username": "", "display_name": "", "email": "", "permissions": ["root"] });
    let problem = admin.post(&account.path("/users"), several).await.problem(422, "validation_failed");
    let pointers: Vec<_> = problem.errors().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(
        pointers,
        ["/username", "/display_name", "/email", "/permissions/0"],
        "all that is wrong is told at once"
    );

    let fits = json!({ "username": "ann", "display_name": long(200), "email": longest_email });
    admin.post(&account.path("/users"), fits).await.ok(201);
    let users = admin.get(&account.path("/users")).await.ok(200);
    assert_eq!(users["items"].as_array().unwrap().len(), 3, "of the refused ones none is there");
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let session = admin.session().await;
    let call = || session.call("POST", &account.path("/users"));
    for body in
        ["", "{", "[]", "null", "{\"username\":\"a\",\"username\":\"b\"}", "{\"username\":\"a\",\"admin\":true}"]
    {
        let reply = call().bytes(body).send().await;
        assert!(matches!(reply.status, 400 | 422), "{body}: {reply:?}");
    }
    call().bytes(vec![b'"', 0xff, b'"']).send().await.problem(400, "malformed_request");
    call().bytes("[".repeat(50_000)).send().await.problem(400, "malformed_request");
    call().bytes(format!("{{\"username\":\"{}\"}}", "x".repeat(70_000))).send().await.problem(413, "payload_too_large");
    call().bare("{\"username\":\"a\"}").send().await.problem(415, "unsupported_media_type");
    assert_eq!(session.get(&account.path("/users")).await.ok(200)["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_user_without_the_rest_is_a_user() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let new = json!({ "username": "ann", "display_name": null, "email": null });
    let user = admin.post(&account.path("/users"), new).await.ok(201)["user"].clone();
    assert_eq!((&user["display_name"], &user["email"]), (&Value::Null, &Value::Null));
    assert_eq!(user["permissions"], json!([]));
}
