//! Reads an account.

use crate::support::TestApp;

#[tokio::test]
async fn its_people_see_it_and_others_do_not() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let (ann, stranger) = (account.user("ann").await, other.admin(&["user_permissions", "account_settings"]).await);
    let root = app.platform_admin().await;
    let path = account.path("");
    assert_eq!(ann.get(&path).await.ok(200)["slug"], "acme");
    assert_eq!(root.get(&path).await.ok(200)["id"], account.id);
    let hidden = stranger.get(&path).await.problem(404, "not_found").without_instance();
    let nobody = "/v1/accounts/01890a5d-ac96-774b-bcce-b302099a8057";
    let missing = stranger.get(nobody).await.problem(404, "not_found").without_instance();
    assert_eq!(hidden, missing, "what exists elsewhere looks like what does not exist");
    root.get(nobody).await.problem(404, "not_found");
    for id in ["acme", "me", "%00"] {
        root.get(&format!("/v1/accounts/{id}")).await.problem(404, "not_found");
    }
    app.call("GET", &path).send().await.problem(401, "invalid_token");
}
