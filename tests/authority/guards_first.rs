//! The caller is checked before the request's content.

use crate::support::{Call, TestApp};

#[tokio::test]
async fn a_request_that_may_not_be_made_is_not_read() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = account.user("ann").await.session().await;
    // Neither the body nor the query nor the tag is looked at before it is clear who asks.
    let path = account.path("/two-factor-policy");
    let call = |call: Call| call.header("if-match", "garbage").bytes("{").send();
    call(app.call("PUT", &path)).await.problem(401, "invalid_token");
    call(session.call("PUT", &path)).await.problem(403, "permission_required");
    session.get(&account.path("/users?limit=0")).await.problem(403, "permission_required");
}
