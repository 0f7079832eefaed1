//! Either settings permission opens the reports; see also the permission matrix.

use crate::support::TestApp;

#[tokio::test]
async fn either_settings_permission_opens_the_reports() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let stranger = other.admin(&["account_settings", "password_management"]).await;
    let none = account.admin(&["user_permissions"]).await;
    for report in ["/reports/two-factor", "/reports/passwords"] {
        let path = account.path(report);
        for permission in ["account_settings", "password_management"] {
            account.admin(&[permission]).await.get(&path).await.ok(200);
        }
        stranger.get(&path).await.problem(404, "not_found");
        app.call("GET", &path).send().await.problem(401, "invalid_token");
        let problem = none.get(&path).await.problem(403, "permission_required");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("account_settings or password_management"), "{detail}");
        // The permission comes before what the form is and what is asked.
        let call = none.session().await.call("GET", &path).header("accept", "image/png");
        call.send().await.problem(403, "permission_required");
    }
    let path = account.path("/reports/two-factor?days=0");
    none.get(&path).await.problem(403, "permission_required");
}
