//! Suspends an account: its users cannot sign in, and its sessions and API keys stop working.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Account, Login, Session, TestApp, User};

/// An account with everything that could let somebody in.
struct Doors {
    account: Account,
    root: User,
    ann: User,
    invited: User,
    session: Session,
    /// Waits for the six digits.
    login: (User, Login),
}

impl Doors {
    async fn open(app: &TestApp) -> Self {
        let account = app.account("acme").await;
        let root = app.platform_admin().await;
        let ann = account.user_with("ann", &["user_permissions", "account_settings"]).await;
        let invited = account.invited(json!({ "username": "invited" })).await;
        let bob = account.user("bob").await;
        account.ask_only(&[&bob]).await;
        bob.sign_in().await;
        app.wait_for_next_code();
        let login = bob.login().await.challenge("totp");
        let session = ann.sign_in().await;
        Self { account, root, ann, invited, session, login: (bob, login) }
    }

    /// What a token is worth, to who runs the platform.
    async fn introspect(&self) -> Value {
        let body = json!({ "token": self.session.access_token });
        self.root.post("/v1/token/introspect", body).await.ok(200)["active"].clone()
    }

    async fn are_shut(&self, app: &TestApp) {
        self.ann.login().await.problem(401, "invalid_credentials");
        self.ann.try_password("something else 7").await.problem(401, "invalid_credentials");
        self.session.me().await.problem(401, "invalid_token");
        self.session.get(&self.account.path("/users")).await.problem(401, "invalid_token");
        self.session.get(&self.account.path("")).await.problem(401, "invalid_token");
        self.session.refresh().await.problem(401, "invalid_token");
        self.session.logout().await.problem(401, "invalid_token");
        self.session.reauthenticate(json!({ "password": self.ann.password() })).await.problem(401, "invalid_token");
        self.invited.activate(self.invited.activation_code()).await.problem(401, "invalid_code");
        let (bob, login) = &self.login;
        login.state().await.problem(401, "challenge_invalid");
        login.code(&bob.phone().code()).await.problem(401, "challenge_invalid");
        assert_eq!(self.introspect().await, false);
        let elsewhere = app.another_node().await;
        elsewhere.session(&self.session).me().await.problem(401, "invalid_token");
    }

    /// All is as it was, but for the login that was under way.
    async fn are_open_again(&self) {
        self.session.me().await.ok(200);
        assert_eq!(self.introspect().await, true);
        let renewed = self.session.refresh().await.session();
        renewed.get(&self.account.path("/users")).await.ok(200);
        self.invited.activate(self.invited.activation_code()).await.empty(204);
        self.invited.login().await.session();
        self.ann.login().await.session();
        let (bob, login) = &self.login;
        login.code(&bob.phone().code()).await.problem(401, "challenge_invalid");
        bob.sign_in().await.me().await.ok(200);
    }

    async fn act(&self, action: &str) {
        self.root.act(&self.account.path(&format!("/actions/{action}"))).await.empty(204);
    }

    async fn read(&self) -> Value {
        self.root.get(&self.account.path("")).await.ok(200)
    }
}

#[tokio::test]
async fn nobody_of_it_is_let_in_until_it_is_resumed_and_then_all_is_as_before() {
    let app = TestApp::start().await;
    let doors = Doors::open(&app).await;
    doors.act("suspend").await;
    let account = doors.read().await;
    assert_eq!((&account["status"], &account["suspended_at"]), (&json!("suspended"), &json!("2027-01-15T08:00:45Z")));
    doors.are_shut(&app).await;
    doors.act("resume").await;
    let account = doors.read().await;
    assert_eq!((&account["status"], &account["suspended_at"]), (&json!("active"), &json!(null)));
    doors.are_open_again().await;
}

#[tokio::test]
async fn one_that_is_being_deleted_lets_nobody_in_until_that_is_undone_and_then_all_is_as_before() {
    let app = TestApp::start().await;
    let doors = Doors::open(&app).await;
    doors.root.delete(&doors.account.path("")).await.ok(202);
    doors.are_shut(&app).await;
    doors.act("undelete").await;
    assert_eq!(doors.read().await["status"], "active");
    doors.are_open_again().await;
}

#[tokio::test]
async fn sessions_that_expire_meanwhile_are_over() {
    let app = TestApp::start().await;
    let doors = Doors::open(&app).await;
    doors.act("suspend").await;
    app.wait(TimeDelta::days(8));
    doors.act("resume").await;
    doors.session.refresh().await.problem(401, "invalid_token");
    doors.ann.sign_in().await.me().await.ok(200);
}

#[tokio::test]
async fn other_accounts_go_on() {
    let app = TestApp::start().await;
    let doors = Doors::open(&app).await;
    let other = app.account("other").await;
    let session = other.user("ann").await.sign_in().await;
    doors.act("suspend").await;
    session.me().await.ok(200);
    session.refresh().await.session();
}

#[tokio::test]
async fn who_stands_above_accounts_goes_on_to_act_in_it() {
    let app = TestApp::start().await;
    let doors = Doors::open(&app).await;
    doors.act("suspend").await;
    let (root, account) = (&doors.root, &doors.account);
    assert_eq!(root.get(&account.path("/users")).await.ok(200)["items"].as_array().unwrap().len(), 3);
    let created = root.post(&account.path("/users"), json!({ "username": "eve" })).await.ok(201);
    account.act_on(&doors.ann, "revoke-sessions").await.empty(204);
    account.set_mode("disabled").await;
    root.patch(&account.path(""), json!({ "name": "Another" })).await.ok(200);
    doors.act("resume").await;
    doors.session.me().await.problem(401, "invalid_token");
    let eve = User::new(app.client(), "acme", "eve");
    eve.activate(created["activation"]["code"].as_str().unwrap()).await.empty(204);
    eve.login().await.session();
}

#[tokio::test]
async fn doing_it_again_changes_nothing() {
    let app = TestApp::start().await;
    let doors = Doors::open(&app).await;
    for action in ["suspend", "resume", "undelete"] {
        doors.act(action).await;
        let (before, etag) = (doors.read().await, doors.root.get(&doors.account.path("")).await);
        app.wait(TimeDelta::minutes(1));
        doors.act(action).await;
        let after = doors.root.get(&doors.account.path("")).await;
        assert_eq!(after.ok(200), before, "{action}");
        assert_eq!(after.header("etag"), etag.header("etag"), "{action}");
    }
}

#[tokio::test]
async fn the_platform_s_own_account_is_neither_suspended_nor_deleted() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let home = root.get("/v1/me").await.ok(200)["account"]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/accounts/{home}");
    root.act(&format!("{path}/actions/suspend")).await.problem(409, "conflict");
    root.delete(&path).await.problem(409, "conflict");
    for action in ["resume", "undelete"] {
        root.act(&format!("{path}/actions/{action}")).await.empty(204);
    }
    assert_eq!(root.get(&path).await.ok(200)["status"], "active");
}

#[tokio::test]
async fn who_suspends_has_proved_lately_who_it_is() {
    let app = TestApp::start().await;
    let account = app.account("acme").await;
    let session = app.platform_admin().await.session().await;
    app.wait(TimeDelta::minutes(16));
    let session = session.refresh().await.session();
    for (method, below) in
        [("POST", "/actions/suspend"), ("POST", "/actions/resume"), ("POST", "/actions/undelete"), ("DELETE", "")]
    {
        let reply = session.call(method, &account.path(below)).send().await;
        reply.problem(401, "reauthentication_required");
    }
    assert_eq!(session.get(&account.path("")).await.ok(200)["status"], "active");
}

#[tokio::test]
async fn one_that_does_not_exist_is_not_found() {
    let app = TestApp::start().await;
    let root = app.platform_admin().await;
    let nobody = "/v1/accounts/01890a5d-ac96-774b-bcce-b302099a8057";
    for action in ["suspend", "resume", "undelete"] {
        root.act(&format!("{nobody}/actions/{action}")).await.problem(404, "not_found");
    }
    root.delete(nobody).await.problem(404, "not_found");
}
