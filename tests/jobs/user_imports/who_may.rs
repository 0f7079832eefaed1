//! Imports need `user_permissions`.

use serde_json::Value;

use super::{NDJSON, import};
use crate::support::{Call, Reply, TestApp};

async fn ask(call: Call, method: &str) -> Reply {
    if method == "POST" { call.file(NDJSON, "").send().await } else { call.send().await }
}

#[tokio::test]
async fn only_who_holds_user_permissions_imports_and_reads_imports() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let by = account.admin(&["user_permissions"]).await;
    let done: Value = import(&by, &account, NDJSON, "").await;
    let id = done["id"].as_str().unwrap().to_owned();
    let unfit = account.admin(&["account_settings", "password_management"]).await.session().await;
    let stranger = other.admin(&["user_permissions"]).await.session().await;
    for (method, path) in [
        ("POST", "/user-imports".to_owned()),
        ("GET", format!("/user-imports/{id}")),
        ("GET", format!("/user-imports/{id}/errors")),
    ] {
        let path = account.path(&path);
        ask(app.call(method, &path), method).await.problem(401, "invalid_token");
        ask(stranger.call(method, &path), method).await.problem(404, "not_found");
        let problem = ask(unfit.call(method, &path), method).await.problem(403, "permission_required");
        assert_eq!(problem["permission"], "user_permissions");
        let reply = ask(by.session().await.call(method, &path), method).await;
        assert!((200..300).contains(&reply.status), "{reply:?}");
    }
}
