//! A caller who was signed out, disabled or lost permissions while the request body was on its way can no longer write.

use serde_json::{Value, json};

use crate::support::{
    Account, Session, TestApp, User,
    raw::{Raw, statuses_in},
};

/// A request whose body is not there yet.
struct Pending {
    raw: Raw,
    rest: String,
}

impl Pending {
    fn begin(app: &TestApp, session: &Session, method: &str, path: &str, body: &Value) -> Self {
        let body = body.to_string();
        let (first, rest) = body.split_at(1);
        let mut raw = Raw::connect(app.address());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{first}",
            session.access_token,
            body.len()
        );
        assert!(raw.send(head));
        Self { raw, rest: rest.to_owned() }
    }

    fn finish(mut self) -> (u16, String) {
        self.raw.send(self.rest);
        let text = self.raw.rest();
        (statuses_in(&text)[0], text)
    }
}

const ALL: [&str; 3] = ["account_settings", "password_management", "user_permissions"];

async fn story() -> (TestApp, Account, User, Session) {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    // There is another administrator: the first can be taken away.
    account.admin(&ALL).await;
    let mallory = account.admin(&ALL).await;
    let session = mallory.session().await;
    (app, account, mallory, session)
}

/// Every write of an administrator, as a request.
fn writes(account: &Account, mallory: &User) -> Vec<(&'static str, String, Value)> {
    let own = format!("/users/{}/permissions", mallory.id());
    vec![
        ("PUT", account.path("/two-factor-policy"), json!({ "mode": "all_users" })),
        ("PUT", account.path(&own), json!({ "permissions": ALL })),
        ("POST", account.path("/users"), json!({ "username": "shadow", "permissions": ALL })),
        (
            "POST",
            "/v1/me/password".to_owned(),
            json!({
                "current_password": mallory.password(), "new_password": crate::support::OTHER_PASSWORD
            }),
        ),
    ]
}

fn begin_all(app: &TestApp, account: &Account, mallory: &User, session: &Session) -> Vec<Pending> {
    writes(account, mallory)
        .iter()
        .map(|(method, path, body)| Pending::begin(app, session, method, path, body))
        .collect()
}

#[tokio::test]
async fn who_is_stripped_meanwhile_gives_nothing_back_to_themselves() {
    let (app, account, mallory, session) = story().await;
    let mut pending = begin_all(&app, &account, &mallory, &session);
    // The change of one's own password needs no permission.
    pending.pop();
    app.platform_admin()
        .await
        .put(&account.path(&format!("/users/{}/permissions", mallory.id())), json!({ "permissions": [] }))
        .await
        .ok(200);
    for pending in pending {
        let (status, text) = pending.finish();
        assert_eq!(status, 403, "{text}");
    }
    assert_eq!(account.look_at(&mallory).await["permissions"], json!([]));
}

mod slow {
    use super::{begin_all, story};

    #[tokio::test]
    async fn whose_account_is_suspended_or_deleted_meanwhile_writes_nothing() {
        for deleted in [false, true] {
            let (app, account, mallory, session) = story().await;
            let root = app.platform_admin().await;
            let pending = begin_all(&app, &account, &mallory, &session);
            let undo = if deleted {
                root.delete(&account.path("")).await.ok(202);
                "/actions/undelete"
            } else {
                root.act(&account.path("/actions/suspend")).await.empty(204);
                "/actions/resume"
            };
            for pending in pending {
                let (status, text) = pending.finish();
                assert_eq!(status, 401, "{text}");
            }
            root.act(&account.path(undo)).await.empty(204);
            assert_eq!(session.get(&account.path("/two-factor-policy")).await.ok(200)["mode"], "disabled");
            assert_eq!(root.get(&account.path("")).await.ok(200)["user_count"], 2);
        }
    }

    #[tokio::test]
    async fn who_is_disabled_or_signed_out_meanwhile_writes_nothing() {
        for action in ["disable", "revoke-sessions"] {
            let (app, account, mallory, session) = story().await;
            let pending = begin_all(&app, &account, &mallory, &session);
            account.act_on(&mallory, action).await.empty(204);
            for pending in pending {
                let (status, text) = pending.finish();
                assert_eq!(status, 401, "{action}: {text}");
            }
            account.act_on(&mallory, "enable").await.empty(204);
            let again = mallory.login().await.session();
            assert_eq!(again.get(&account.path("/two-factor-policy")).await.ok(200)["mode"], "disabled");
        }
    }
}
