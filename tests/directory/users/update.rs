//! Changes a user's names.

use serde_json::{Value, json};

use crate::support::{TestApp, in_parallel, statuses};

#[tokio::test]
async fn only_what_is_named_changes_and_null_takes_it_away() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.invited(json!({ "username": "ann", "display_name": "Ann", "email": "ann@example.org" })).await;
    let path = account.path(&format!("/users/{}", ann.id()));
    let before = admin.get(&path).await;
    let (user, tag) = (before.ok(200), before.header("etag").to_owned());

    let reply = admin.patch(&path, json!({})).await;
    assert_eq!((reply.ok(200), reply.header("etag")), (user.clone(), tag.as_str()), "nothing asked, nothing changed");
    let reply = admin.patch(&path, json!({ "display_name": " Ann Example " })).await;
    let changed = reply.ok(200);
    assert_eq!(changed["display_name"], "Ann Example");
    assert_eq!((&changed["username"], &changed["email"]), (&user["username"], &user["email"]));
    assert_ne!(reply.header("etag"), tag);
    let read = admin.get(&path).await;
    assert_eq!((read.ok(200), read.header("etag")), (changed, reply.header("etag")));
    let changed = admin.patch(&path, json!({ "display_name": null, "email": null })).await.ok(200);
    assert_eq!((&changed["display_name"], &changed["email"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn the_new_name_signs_in_the_old_one_is_free_and_the_session_goes_on() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let session = ann.sign_in().await;
    let path = account.path(&format!("/users/{}", ann.id()));
    admin.patch(&path, json!({ "username": "Anna" })).await.ok(200);
    assert_eq!(session.me().await.ok(200)["user"]["username"], "Anna");
    ann.login().await.problem(401, "invalid_credentials");
    let body = json!({ "account": "acme", "username": "anna", "password": ann.password() });
    app.call("POST", "/v1/login").json(&body).send().await.session();
    // The same name in another spelling is still the user's own.
    admin.patch(&path, json!({ "username": "ANNA" })).await.ok(200);
    account.user("ann").await.login().await.session();
    admin.patch(&path, json!({ "username": "ann" })).await.problem(409, "conflict");
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let session = admin.session().await;
    let path = account.path(&format!("/users/{}", ann.id()));
    let tag = session.get(&path).await.header("etag").to_owned();
    let replies = in_parallel(2, |number| {
        let body = json!({ "display_name": format!("Ann {number}") });
        session.call("PATCH", &path).header("if-match", &tag).json(&body).send()
    })
    .await;
    assert_eq!(statuses(&replies), [("200".to_owned(), 1), ("412 precondition_failed".to_owned(), 1)].into());
    session.call("DELETE", &path).header("if-match", &tag).send().await.problem(412, "precondition_failed");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_changes() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let path = account.path(&format!("/users/{}", ann.id()));
    let before = admin.get(&path).await.ok(200);
    for (body, pointer) in [
        (json!({ "username": null }), "/username"),
        (json!({ "username": "" }), "/username"),
        (json!({ "username": "a\u{200b}nn" }), "/username"),
        (json!({ "username": "ok", "email": "nonsense" }), "/email"),
        (json!({ "display_name": "\u{202e}nnA" }), "/display_name"),
        (json!({ "username": 1 }), "/username"),
    ] {
        let problem = admin.patch(&path, body).await.problem(422, "validation_failed");
        assert_eq!(problem.errors()[0].0, pointer);
    }
    for unknown in ["permissions", "status", "password", "id", "usrname"] {
        admin.patch(&path, json!({ unknown: [] })).await.problem(400, "malformed_request");
    }
    assert_eq!(admin.get(&path).await.ok(200), before);
    let nobody = account.path("/users/01890a5d-ac96-774b-bcce-b302099a8057");
    admin.patch(&nobody, json!({ "username": "x" })).await.problem(404, "not_found");
}
