//! Signing in where nobody is asked for a second factor.

use crate::support::TestApp;

#[tokio::test]
async fn a_password_is_enough_where_the_policy_asks_nobody() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.login().await.session();
    let me = session.me().await.ok(200);
    assert_eq!(me["user"]["username"], "ann");
}
