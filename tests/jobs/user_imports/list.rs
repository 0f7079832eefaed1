//! Lists the imports of an account.

use chrono::TimeDelta;
use serde_json::Value;

use super::{NDJSON, STUCK, import, path_of, refuse_user, send, wait_for};
use crate::support::{TestApp, all_pages};

#[tokio::test]
async fn imports_are_listed_newest_first_page_by_page_and_by_status() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let by = account.admin(&["user_permissions"]).await;
    let list = account.path("/user-imports");
    assert_eq!(by.get(&list).await.ok(200)["items"], Value::Array(vec![]));

    refuse_user(&app, "stuck", STUCK);
    let mut all = Vec::new();
    // An id tells its millisecond, and not more.
    let later = || app.wait(TimeDelta::milliseconds(1));
    for number in 0..5 {
        later();
        all.insert(0, import(&by, &account, NDJSON, format!("{{\"username\":\"user-{number}\"}}")).await);
    }
    later();
    let cancelled = send(&by, &account, NDJSON, "{\"username\":\"stuck\"}").await.ok(202);
    by.act(&format!("{}/actions/cancel", path_of(&account, &cancelled))).await.empty(204);
    all.insert(0, by.get(&path_of(&account, &cancelled)).await.ok(200));
    for file in ["{\"username\":\"stuck\"}", "{\"username\":\"waits\"}"] {
        later();
        let open = send(&by, &account, NDJSON, file).await.ok(202);
        wait_for(&app, "SELECT status FROM user_imports WHERE status = 'running'", &["running"]);
        all.insert(0, by.get(&path_of(&account, &open)).await.ok(200));
    }
    for limit in [1, 3, 100] {
        assert_eq!(all_pages(&by, &list, limit).await, all);
    }

    let with = async |status: &str| by.get(&format!("{list}?status={status}")).await.ok(200)["items"].clone();
    for status in ["queued", "running", "done", "failed", "cancelled"] {
        let expected: Vec<_> = all.iter().filter(|import| import["status"] == status).cloned().collect();
        assert_eq!(with(status).await, Value::Array(expected), "{status}");
    }
    // The filter holds on the next page.
    let first = by.get(&format!("{list}?status=done&limit=2")).await;
    let next = first.header("link").trim_start_matches('<').split('>').next().unwrap().to_owned();
    assert_eq!(by.get(&next).await.ok(200)["items"], Value::Array(all[5..7].to_vec()));

    // Those of another account are another account's.
    let stranger = other.admin(&["user_permissions"]).await;
    stranger.get(&list).await.problem(404, "not_found");
    assert_eq!(stranger.get(&other.path("/user-imports")).await.ok(200)["items"], Value::Array(vec![]));
}

#[tokio::test]
async fn what_no_list_can_be_asked_is_refused() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    for query in ["status=receiving", "status=", "limit=0", "limit=101", "cursor=x", "cursor=YW5u", "order=up"] {
        by.get(&account.path(&format!("/user-imports?{query}"))).await.problem(400, "malformed_request");
    }
    let nowhere = "/v1/accounts/01997f61-2b7c-7d10-8a5e-90c1f2b3d4e5/user-imports";
    app.platform_admin().await.get(nowhere).await.problem(404, "not_found");
}
