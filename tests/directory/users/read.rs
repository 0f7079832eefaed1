//! Reads a user.

use crate::support::TestApp;

#[tokio::test]
async fn every_change_of_a_user_has_a_tag_of_its_own() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let admin = account.admin(&["user_permissions"]).await;
    let ann = account.user("ann").await;
    let path = account.path(&format!("/users/{}", ann.id()));
    let first = admin.get(&path).await;
    assert_eq!(admin.get(&path).await.header("etag"), first.header("etag"), "looking changes nothing");
    let mut tags = vec![first.header("etag").to_owned()];
    ann.sign_in().await;
    for action in ["reset-two-factor", "disable", "enable"] {
        account.act_on(&ann, action).await.empty(204);
        tags.push(admin.get(&path).await.header("etag").to_owned());
    }
    for action in ["enable", "unlock", "revoke-sessions", "reset-two-factor"] {
        account.act_on(&ann, action).await.empty(204);
        let tag = admin.get(&path).await.header("etag").to_owned();
        assert_eq!(tags.last(), Some(&tag), "{action} changes nothing that the user shows");
    }
    tags.dedup();
    assert_eq!(tags.len(), 4, "{tags:?}");
}

#[tokio::test]
async fn what_is_no_user_of_the_account_is_not_found() {
    let app = TestApp::start().await;
    let (account, other) = (app.account("acme").await, app.account("other").await);
    let admin = account.admin(&["user_permissions", "account_settings"]).await;
    let stranger = other.user("stranger").await;
    let nobody = "01890a5d-ac96-774b-bcce-b302099a8057";
    for id in [
        nobody,
        stranger.id(),
        "me",
        "%00",
        "..",
        "0",
        &stranger.id().to_uppercase(),
        "01890a5d-ac96-774b-bcce-b302099a805z",
    ] {
        for below in ["", "/permissions"] {
            admin.get(&account.path(&format!("/users/{id}{below}"))).await.problem(404, "not_found");
        }
        for action in ["disable", "enable", "unlock", "revoke-sessions", "reset-two-factor", "send-activation"] {
            admin.act(&account.path(&format!("/users/{id}/actions/{action}"))).await.problem(404, "not_found");
        }
    }
    stranger.login().await.session();
}
