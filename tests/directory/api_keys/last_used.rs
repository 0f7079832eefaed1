//! When an API key was last used.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{look_at, users};
use crate::support::TestApp;

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap_or_else(|| panic!("no moment: {value}")).parse().unwrap()
}

#[tokio::test]
async fn the_last_use_is_known_to_the_minute_and_written_no_more_often() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let program = account.program("Import", &["user_permissions"]).await;
    let first = app.now();
    program.get(&users(&account)).await.ok(200);
    let key = look_at(&root, &program).await;
    assert_eq!(moment(&key["last_used_at"]), first);
    assert_eq!(key["last_used_from"], "127.0.0.1");
    assert_eq!(key["updated_at"], key["created_at"], "use is no change");

    app.wait(TimeDelta::seconds(59));
    program.get(&users(&account)).await.ok(200);
    assert_eq!(moment(&look_at(&root, &program).await["last_used_at"]), first);
    app.wait(TimeDelta::seconds(1));
    let second = app.now();
    // A refusal is a use too: the key counts, it may only not do this.
    program.get(&account.path("/two-factor-policy")).await.problem(403, "permission_required");
    assert_eq!(moment(&look_at(&root, &program).await["last_used_at"]), second);
}

#[tokio::test]
async fn use_does_not_stand_in_the_way_of_a_change() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let root = app.platform_admin().await;
    let program = account.program("Import", &["user_permissions"]).await;
    let seen = root.get(&program.path("")).await.header("etag").to_owned();
    program.get(&users(&account)).await.ok(200);
    let session = root.session().await;
    session.call("DELETE", &program.path("")).header("if-match", &seen).send().await.empty(204);
}
