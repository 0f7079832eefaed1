//! Signs in without a second factor.

use serde_json::json;

use crate::support::{Session, TestApp};

#[tokio::test]
async fn a_password_is_enough_where_the_policy_asks_nobody() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let session = ann.login().await.session();

    let body = &session.body;
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert!(session.refresh_token.starts_with("lk_rt_"));
    let expected = json!({
        "id": ann.id(),
        "account_id": account.id,
        "username": "ann",
        "display_name": null,
        "email": null,
        "status": "active",
        "permissions": [],
        "two_factor": { "required": false, "status": "not_enrolled" },
        "password": {
            "status": "valid",
            "expires_at": null,
            "policy_id": body["user"]["password"]["policy_id"],
            "policy_reason": body["user"]["password"]["policy_reason"],
        },
        "locked_until": null,
        "created_at": "2027-01-15T08:00:15Z",
    });
    assert_eq!(body["user"], expected);
    let expected = json!({
        "id": session.claims()["sid"],
        "created_at": "2027-01-15T08:00:15Z",
        "expires_at": "2027-02-14T08:00:15Z",
        "idle_expires_at": "2027-01-22T08:00:15Z",
        "auth_time": "2027-01-15T08:00:15Z",
        "amr": ["pwd"],
    });
    assert_eq!(body["session"], expected);

    let me = session.me().await.ok(200);
    assert_eq!((&me["user"], &me["session"]), (&body["user"], &body["session"]));
    assert_eq!((&me["account"]["id"], &me["account"]["slug"]), (&json!(account.id), &json!("acme")));
}

#[tokio::test]
async fn every_sign_in_is_a_session_of_its_own() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let ann = account.user("ann").await;
    let sessions = [ann.login().await.session(), ann.login().await.session()];
    assert_ne!(sessions[0].claims()["sid"], sessions[1].claims()["sid"]);
    assert_ne!(sessions[0].refresh_token, sessions[1].refresh_token);
    for session in &sessions {
        session.me().await.ok(200);
    }
}

#[tokio::test]
async fn one_name_in_other_accounts_is_somebody_else() {
    let app = TestApp::start().await;
    let here = app.account("here").await.user("ann").await;
    let there = app.account("there").await.user("ann").await;
    let of = |session: Session| session.claims()["sub"].clone();
    assert_eq!(of(here.login().await.session()), here.id());
    assert_eq!(of(there.login().await.session()), there.id());
}
