//! Jobs are kept for 30 days after their end.

use chrono::TimeDelta;
use serde_json::json;

use super::{crowd, path, run};
use crate::support::TestApp;

#[tokio::test]
async fn a_job_can_be_read_for_thirty_days_and_is_then_forgotten() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let by = account.admin(&["user_permissions"]).await;
    crowd(&by, &account, 60).await;
    let done = run(&by, &account, json!({ "action": "unlock", "filter": { "all": true } })).await;
    app.wait(TimeDelta::days(30));
    app.service().purge().await.unwrap();
    assert_eq!(by.get(&path(&account, &done)).await.ok(200), done);
    app.wait(TimeDelta::seconds(1));
    app.service().purge().await.unwrap();
    by.get(&path(&account, &done)).await.problem(404, "not_found");
    for table in ["bulk_jobs", "bulk_job_users"] {
        assert_eq!(app.look_into_database(&format!("SELECT 'a row' FROM {table}")), [""; 0]);
    }
}
